import type { Writable } from '../database.ts';
import type { AnyRead, Change, LaterChange, Queries, Source } from '../declare.ts';
import type { GatheredChange } from './messages.ts';

/*
 * Arguments arrive from another thread as an untyped list. `Calls` checked their types on the sending side by the same
 * declaration.
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

/** The marks of what a pending change touches. */
export const marksOf = (queries: Queries, { name, input }: GatheredChange): readonly string[] =>
  laterChangeNamed(queries, name).marks?.(...asNever(input)) ?? [];

/** Bytes of a recomputable value; null for every other change. */
export const expendableBytesOf = (queries: Queries, { name, input }: GatheredChange): number | null =>
  laterChangeNamed(queries, name).expendableBytes?.(...asNever(input)) ?? null;

/** Marks of the pending changes that must be committed before this read; `all` for most reads. */
export const waitsFor = (query: AnyRead, input: Arguments): readonly string[] | 'all' =>
  query.waitsFor?.(...asNever(input)) ?? 'all';

export const usedKey = (query: AnyRead, found: unknown, input: Arguments): string | null =>
  query.used?.(found as never, ...asNever(input)) ?? null;
