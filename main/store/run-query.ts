import type { Writable } from './database.ts';
import type { AnyRead, Change, LaterChange, Queries, Source } from './declare.ts';
import type { GatheredChange } from './messages.ts';

/*
 * Arguments come as a list from the other side of a thread. `Calls` has typed them there by the very declaration that is
 * run here, so they fit.
 */
type Arguments = readonly unknown[];
const asNever = (input: Arguments): never => input as never;

export const runRead = (query: AnyRead, source: Source, input: Arguments): unknown =>
  query.run(source, ...asNever(input));

export const runChange = (
  query: Change<never, unknown> | LaterChange<never>,
  db: Writable,
  input: Arguments,
): unknown => query.run(db, ...asNever(input));

export function laterChangeNamed(queries: Queries, name: string): LaterChange<never> {
  const query = queries.changes[name];
  if (query?.kind !== 'later-change') throw new Error(`the store has no change ${name} that is not awaited`);
  return query;
}

/** What a gathered change changes. */
export const marksOf = (queries: Queries, { name, input }: GatheredChange): readonly string[] =>
  laterChangeNamed(queries, name).marks?.(...asNever(input)) ?? [];

/** Bytes of a change that can be computed again; null for every other. */
export const expendableBytesOf = (queries: Queries, { name, input }: GatheredChange): number | null =>
  laterChangeNamed(queries, name).expendableBytes?.(...asNever(input)) ?? null;

/** Marks of the gathered changes that have to be committed before it is answered; `all` of them for most. */
export const waitsFor = (query: AnyRead, input: Arguments): readonly string[] | 'all' =>
  query.waitsFor?.(...asNever(input)) ?? 'all';

export const usedKey = (query: AnyRead, found: unknown, input: Arguments): string | null =>
  query.used?.(found as never, ...asNever(input)) ?? null;
