import type { AnyChange, AnyRead, Calls, Queries } from './declare.ts';
import type { Threads } from './thread/threads.ts';

/** A method for each declared query, which sends its arguments to the thread that the declaration names. */
export function createCalls<Q extends Queries>(queries: Q, threads: Threads): Calls<Q> {
  const declared = Object.entries<AnyRead | AnyChange>({ ...queries.reads, ...queries.changes });
  return Object.fromEntries(
    declared.map(([name, query]) => [name, callOf(name, query, threads)]),
  ) as Calls<Q>;
}

function callOf(
  name: string,
  query: AnyRead | AnyChange,
  threads: Threads,
): (...input: unknown[]) => unknown {
  if (query.kind === 'later-change') return (...input) => threads.change({ name, input });
  const asks = { writer: threads.askWriter, reader: threads.askReader, comparer: threads.askComparer };
  const ask = asks[query.kind === 'read' ? query.on : 'writer'];
  const otherwise = query.otherwise as ((...input: unknown[]) => unknown) | object | null | undefined;
  return (...input) =>
    ask({ name, input }, typeof otherwise === 'function' ? otherwise(...input) : otherwise);
}
