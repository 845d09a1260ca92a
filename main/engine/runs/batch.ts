import { setMaxListeners } from 'node:events';
import { basename } from 'node:path';
import type { Outcome } from '../../../contract/faults.ts';
import type { PredictionOutcome } from '../../../contract/prediction.ts';
import type { LeftOutReason } from '../../../contract/run.ts';
import type { BatchRequest, PredictRequest } from '../types.ts';
import type { Answer } from '../prediction/index.ts';
import { walk } from '../files/index.ts';

export type BatchItem = { readonly path: string; readonly name: string; readonly outcome: Outcome<Answer> };
export type BatchParts = {
  readonly answer: (
    request: PredictRequest,
    options: { signal?: AbortSignal; isBounded: false },
  ) => Promise<Outcome<Answer>>;
  /** Items in hand at a time. */
  readonly window: () => number;
};
export type BatchHooks = {
  readonly signal?: AbortSignal;
  readonly onFound?: () => void;
  readonly onScanned?: () => void;
  readonly onLeftOut?: (reason: LeftOutReason) => void;
};

/**
 * The items of a batch in the order of the inputs. At most a window of them is under way, and the walk pauses while the
 * consumer is behind. After an abort finished items are still yielded, the rest is not.
 */
export async function* batchItems(
  parts: BatchParts,
  request: BatchRequest,
  hooks: BatchHooks,
): AsyncGenerator<BatchItem> {
  const { inputs, ...options } = request;
  // Each item in hand listens to it until it is answered: more than the few that Node takes for a leak.
  if (hooks.signal) setMaxListeners(0, hooks.signal);
  const inHand: Promise<BatchItem>[] = [];
  for await (const { path, fault } of walk(inputs, { onLeftOut: hooks.onLeftOut })) {
    if (hooks.signal?.aborted) break;
    hooks.onFound?.();
    const name = basename(path);
    inHand.push(
      fault
        ? Promise.resolve({ path, name, outcome: { ok: false, fault } })
        : parts
            .answer(
              { priority: 'batch', ...options, source: { path }, name: path },
              { signal: hooks.signal, isBounded: false },
            )
            .then((outcome) => ({ path, name, outcome })),
    );
    if (inHand.length >= parts.window()) {
      const item = await inHand.shift();
      if (item && !isCancelled(item, hooks.signal)) yield item;
    }
  }
  if (!hooks.signal?.aborted) hooks.onScanned?.();
  for (const waiting of inHand) {
    const item = await waiting;
    if (!isCancelled(item, hooks.signal)) yield item;
  }
}

export const batchOutcome = ({ path, outcome }: BatchItem): PredictionOutcome =>
  outcome.ok ? outcome.value.record : { input: path, fault: outcome.fault };

const isCancelled = ({ outcome }: BatchItem, signal: AbortSignal | undefined): boolean =>
  signal?.aborted === true && !outcome.ok && outcome.fault.code === 'cancelled';
