import { onAbort } from './abort.ts';

type ConcurrencyOptions = {
  /** Most items in progress at the same time, at least 1. */
  readonly limit: number;
  /** When it fires, no further item is started; those in progress are told through `Turn.signal`. */
  readonly signal?: AbortSignal | undefined;
};
export type Turn = {
  /** The item's index, from 0. */
  readonly index: number;
  /** Fires when another item failed, `stop` was called, or the caller's signal fired. */
  readonly signal: AbortSignal;
  /**
   * For failures that are returned as values: no further item is started, and those in progress have their signal
   * fired.
   */
  stop(): void;
};

/**
 * Maps the items in order, at most `limit` at a time, to their results in the same order; undefined for items that were
 * not started. The first failure stops the rest. Rejects with it once all items in progress have ended.
 */
export async function mapConcurrently<T, R>(
  items: Iterable<T>,
  { limit, signal }: ConcurrencyOptions,
  work: (item: T, turn: Turn) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  const stopListening = onAbort(signal, stop);
  const results: (R | undefined)[] = [];
  const failures: unknown[] = [];
  const queue = items[Symbol.iterator]();
  const takeTurns = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const next = queue.next();
      if (next.done) return;
      const index = results.push(undefined) - 1;
      try {
        results[index] = await work(next.value, { index, signal: ending.signal, stop });
      } catch (error) {
        failures.push(error);
        stop();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, takeTurns));
  stopListening();
  if (failures.length > 0) throw failures[0];
  return results;
}

type AheadOptions<T> = {
  /** Most items in progress at the same time, at least 1. */
  readonly limit: number;
  /** What an item takes of `budget` while it is in progress. */
  readonly weigh?: (item: T) => number;
  /** Most that items in progress may weigh together; a heavier one is worked on alone. */
  readonly budget?: number;
};

/**
 * Maps a stream, working ahead of who reads, and yields the results in the order of the items. A failure, of an item or of the
 * stream, is thrown in its turn, behind the results before it; all items in progress have ended by then.
 */
export async function* mapAhead<T, R>(
  items: AsyncIterable<T>,
  { limit, weigh = () => 0, budget = Infinity }: AheadOptions<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const inProgress: { readonly result: Promise<R>; readonly weight: number }[] = [];
  const hasRoom = (weight: number): boolean =>
    inProgress.length === 0 ||
    (inProgress.length < limit && inProgress.reduce((sum, each) => sum + each.weight, weight) <= budget);
  const begin = (result: Promise<R>, weight: number): void => {
    // A failure is thrown where it is waited for.
    result.catch(() => undefined);
    inProgress.push({ result, weight });
  };
  const source = items[Symbol.asyncIterator]();
  try {
    for (let isOver = false; !isOver;) {
      const next = await source.next().catch((error: unknown) => {
        begin(Promise.reject(error), 0);
        return { done: true } as const;
      });
      isOver = next.done === true;
      const weight = next.done ? 0 : weigh(next.value);
      while (next.done ? inProgress.length > 0 : !hasRoom(weight))
        yield await inProgress[0]!.result.finally(() => inProgress.shift());
      if (!next.done) begin(work(next.value), weight);
    }
  } finally {
    await Promise.allSettled(inProgress.map(({ result }) => result));
    await source.return?.();
  }
}
