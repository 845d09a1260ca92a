import { setMaxListeners } from 'node:events';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PredictionOutcome } from '../../../contract/runs/prediction.ts';
import type { PredictAllRequest, PredictRequest } from '../types.ts';
import type { PredictedRecord } from '../prediction/index.ts';
import type { Found } from '../files/index.ts';

type File = Pick<Found, 'path' | 'fault'>;
export type ItemOutcome<F extends File = File> = {
  readonly found: F;
  readonly outcome: Outcome<PredictedRecord>;
};
type ItemsParts = {
  readonly answer: (
    request: PredictRequest,
    options: { signal?: AbortSignal; isBounded: false },
  ) => Promise<Outcome<PredictedRecord>>;
  /** Concurrency: items in flight. */
  readonly window: () => number;
};
export type ItemsQuery<F extends File> = {
  readonly request: Omit<PredictAllRequest, 'inputs'>;
  readonly found: AsyncIterable<F>;
  /**
   * After an abort, finished items are still yielded, but only up to the first unfinished one: the sequence has no gap.
   */
  readonly isGapless?: boolean;
};
export type ItemsHooks = { readonly signal?: AbortSignal; readonly onScanned?: () => void };

/**
 * Yields the outcome of each item in input order. At most a window of them is in flight, and the walk pauses while the
 * consumer is behind (back-pressure). After an abort finished items are still yielded, the rest is not.
 */
export async function* predictItems<F extends File>(
  parts: ItemsParts,
  { request, found: source, isGapless = false }: ItemsQuery<F>,
  hooks: ItemsHooks,
): AsyncGenerator<ItemOutcome<F>> {
  const { signal } = hooks;
  // Each in-flight item listens to the signal: more listeners than Node's leak warning allows.
  if (signal) setMaxListeners(0, signal);
  const inHand: Promise<ItemOutcome<F>>[] = [];
  for await (const found of source) {
    if (signal?.aborted) break;
    const { path, fault } = found;
    inHand.push(
      fault
        ? Promise.resolve({ found, outcome: { ok: false, fault } })
        : parts
            .answer(
              { priority: 'batch', ...request, source: { path }, name: path },
              { signal, isBounded: false },
            )
            .then((outcome) => ({ found, outcome })),
    );
    if (inHand.length >= parts.window()) {
      const item = await inHand.shift();
      if (!item) continue;
      if (!isCancelled(item, signal)) yield item;
      else if (isGapless) return;
    }
  }
  if (!signal?.aborted) hooks.onScanned?.();
  for (const waiting of inHand) {
    const item = await waiting;
    if (!isCancelled(item, signal)) yield item;
    else if (isGapless) return;
  }
}

export const toPredictionOutcome = ({ found, outcome }: ItemOutcome): PredictionOutcome =>
  outcome.ok ? outcome.value.record : { input: found.path, fault: outcome.fault };

const isCancelled = ({ outcome }: ItemOutcome, signal: AbortSignal | undefined): boolean =>
  signal?.aborted === true && !outcome.ok && outcome.fault.code === 'cancelled';
