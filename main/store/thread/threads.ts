import type { StoreState } from '../../../contract/serving/status.ts';
import { storeFile } from '../store-file.ts';
import { linkThread } from './link.ts';
import type { ThreadLink } from './link.ts';
import type { GatheredChange, ThreadStart } from './messages.ts';

/** The threads of the store. A query's result is `otherwise` when no thread could answer. */
export type Threads = {
  askWriter(call: GatheredChange, otherwise: unknown): Promise<unknown>;
  /** Asks the reader, after every earlier change is committed. */
  askReader(call: GatheredChange, otherwise: unknown): Promise<unknown>;
  /** The same on a separate connection, for queries that take long. */
  askComparer(call: GatheredChange, otherwise: unknown): Promise<unknown>;
  change(change: GatheredChange): void;
  state(): StoreState;
  onState(listener: (state: StoreState) => void): () => void;
  close(): Promise<void>;
};

/**
 * Starts the writer and resolves once it has opened, created or replaced the store; the readers start with their first
 * query.
 */
export async function startThreads(file: string, start: Omit<ThreadStart, 'role'>): Promise<Threads> {
  const listeners = new Set<(state: StoreState) => void>();
  let state: StoreState = { kind: 'ready', file: storeFile(start.folder) };
  let isInMemory = false;
  let isClosed = false;
  let made = 0;
  let flushed = 0;
  const readers: { reader: ThreadLink | null; comparer: ThreadLink | null } = {
    reader: null,
    comparer: null,
  };

  const become = (next: StoreState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const writer = await new Promise<ThreadLink>((resolve) => {
    const link = linkThread(
      file,
      { ...start, role: 'writer' },
      {
        onState: (next, inMemory) => {
          isInMemory = inMemory;
          become(next);
          resolve(link);
        },
        onLost: (reason) => {
          become({ kind: 'read-only', file: state.file, reason });
          resolve(link);
        },
      },
    );
  });

  const askWriter: Threads['askWriter'] = async (call, otherwise) => {
    const reply = await writer.ask(call);
    return reply.ok ? reply.value : otherwise;
  };
  const askReading = async (
    name: keyof typeof readers,
    call: GatheredChange,
    otherwise: unknown,
  ): Promise<unknown> => {
    if (flushed < made) {
      const upTo = made;
      await writer.ask({ name: 'flush', input: [] });
      flushed = Math.max(flushed, upTo);
    }
    // A database in memory has a single connection. After `close` no reader may start, since nothing would close it.
    if (isInMemory || isClosed) return askWriter(call, otherwise);
    const link = (readers[name] ??= linkThread(
      file,
      { ...start, role: 'reader' },
      { onState: () => {}, onLost: () => (readers[name] = null) },
    ));
    const reply = await link.ask(call);
    // The writer may answer where the reader failed: it detects damage and replaces the store.
    return reply.ok ? reply.value : askWriter(call, otherwise);
  };

  return {
    askWriter,
    askReader: (call, otherwise) => askReading('reader', call, otherwise),
    askComparer: (call, otherwise) => askReading('comparer', call, otherwise),
    change: (change) => {
      made += 1;
      writer.change(change);
    },
    state: () => state,
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      for (const link of [readers.comparer, readers.reader, writer]) {
        if (!link) continue;
        await link.ask({ name: 'close', input: [] });
        await link.ended;
      }
    },
  };
}
