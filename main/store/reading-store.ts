import type { StoreState } from '../../contract/serving/status.ts';
import { createCalls } from './calls.ts';
import { openReadable } from './database.ts';
import type { Opened, Readable } from './database.ts';
import { sourceOf } from './declare.ts';
import type { Source } from './declare.ts';
import { failureKind } from './failures.ts';
import type { GatheredChange } from './thread/messages.ts';
import { queries } from './queries.ts';
import { runRead, usedKey } from './thread/perform-query.ts';
import { storeFile } from './store-file.ts';
import type { Store } from './types.ts';

/** The process that has the one writer of the store. */
export type WriterElsewhere = {
  change(change: GatheredChange): void;
  /** Rejects when that process is lost. */
  ask(call: GatheredChange): Promise<unknown>;
};

/**
 * The store as a process sees it that only reads: on a connection of its own, at once and without a thread; every change goes
 * to the writer's process. A read does not wait for what is on its way there: what it misses is computed again.
 */
export function openReadingStore(folder: string, writer: WriterElsewhere): Store {
  const file = storeFile(folder);
  const state: StoreState = { kind: 'ready', file };
  let open: { readonly connection: Opened<Readable>; readonly source: Source } | null = null;
  const source = (): Source => {
    if (open) return open.source;
    const connection = openReadable(file);
    open = { connection, source: sourceOf(connection.handle) };
    return open.source;
  };
  const letGo = (): void => {
    open?.connection.close();
    open = null;
  };
  const read = async ({ name, input }: GatheredChange, otherwise: unknown): Promise<unknown> => {
    const query = (queries.reads as Readonly<Record<string, Parameters<typeof runRead>[0]>>)[name];
    if (!query) return ask({ name, input }, otherwise);
    try {
      const found = runRead(query, source(), input);
      const key = usedKey(query, found, input);
      if (key !== null) writer.change({ name: 'noteUse', input: [key, Date.now()] });
      return found;
    } catch (error) {
      if (failureKind(error) === 'bug') throw error;
      // The file may have been replaced by a sound one: the next question opens it anew.
      letGo();
      return otherwise;
    }
  };
  const ask = (call: GatheredChange, otherwise: unknown): Promise<unknown> =>
    writer.ask(call).catch(() => otherwise);
  return {
    ...createCalls(queries, {
      askWriter: read,
      askReader: read,
      askComparer: read,
      change: (change) => writer.change(change),
      state: () => state,
      onState: () => () => false,
      close: async () => letGo(),
    }),
    state: () => state,
    onState: () => () => undefined,
    purge: () => Promise.resolve({ removed: 0 }),
    copyTo: () => Promise.resolve(false),
    flush: async () => void (await ask({ name: 'flush', input: [] }, null)),
    close: async () => letGo(),
  };
}

/** Does by name what a process asked that only reads. */
export function performFor(store: Store, { name, input }: GatheredChange): unknown {
  if (name !== 'flush' && !(name in queries.changes)) throw new Error(`the store has no change ${name}`);
  const method = (store as Readonly<Record<string, unknown>>)[name] as (
    ...input: readonly unknown[]
  ) => unknown;
  return method(...input);
}
