import { onAbort } from './abort.ts';

export type ConcurrencyOptions = {
  /** How many are under way at the same time, at least 1. */
  readonly limit: number;
  /** What has not started when it fires is not started; what has started gets it as `Turn.signal`. */
  readonly signal?: AbortSignal | undefined;
};
export type Turn = {
  /** The item's place in the order, from 0. */
  readonly index: number;
  /** Fires when another item failed, `stop` was called, or the caller's signal fired. */
  readonly signal: AbortSignal;
  /** For failures that are values: nothing more is started, and what is under way is told by its signal. */
  stop(): void;
};

/**
 * Works on the items in their order, at most `limit` at a time, and gives back their results in that order; undefined stands
 * for what was not started. The first failure stops the rest. Rejects with that failure when all that was under way has ended.
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
