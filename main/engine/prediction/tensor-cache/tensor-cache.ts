import { ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { ResultKeyParts } from '../../../../contract/runs/result-key.ts';
import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { resultKey } from '../../../store/index.ts';
import type { Store } from '../../../store/index.ts';
import type { Batching } from '../../batching/index.ts';
import type { TensorResult } from '../../types.ts';
import type { Plan } from '../../plan.ts';
import { keyParts } from './key.ts';
import { packOutputs, unpackOutputs } from './outputs.ts';
import { createShare } from '../share.ts';

/** Larger inputs and outputs are not cached: one would evict thousands of others. */
const mostInputBytes = 8 * 1024 ** 2;
const mostOutputBytes = 1024 ** 2;

type TensorCacheParts = { readonly store: Store; readonly batching: Pick<Batching, 'run'> };
export type ResolveTensors = (...asked: Parameters<Batching['run']>) => Promise<Outcome<TensorResult>>;

/**
 * Runs tensors. With `useCache` from the cache if the same bytes were run before; concurrent equal requests are
 * coalesced.
 */
export function createTensorCache({ store, batching }: TensorCacheParts): ResolveTensors {
  const share = createShare<TensorResult>();

  return async (plan, request, options) => {
    if (request.useCache !== true || !isCacheable(request.tensors)) {
      const ran = await batching.run(plan, request, options);
      return ran.ok ? ok({ ...ran.value, cached: false }) : ran;
    }
    const { tensors, priority = 'interactive', deadlineMs, ...rest } = request;
    const begun = performance.now();
    const parts = await keyParts(plan, tensors);
    const key = resultKey(parts);
    const seek = async (signal: AbortSignal): Promise<Outcome<TensorResult>> => {
      const stored = await store.tensorResult(key);
      const known = stored && unpackOutputs(stored);
      if (known) return ok(fromStore(known));
      const ran = await batching.run(plan, { ...rest, tensors, priority }, { signal });
      if (!ran.ok) return ran;
      keep(store, { plan, parts, key, tensors: ran.value.tensors });
      return ok({ ...ran.value, cached: false });
    };
    const leftMs =
      deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - (performance.now() - begun));
    // Only requests of the same priority are coalesced: an interactive one must not wait in a folder run's queue.
    const { outcome, isFirst } = await share(
      `${key} ${priority}`,
      { signal: options.signal, deadlineMs: leftMs },
      seek,
    );
    return outcome.ok && !isFirst ? ok(fromStore(outcome.value.tensors)) : outcome;
  };
}

const fromStore = (tensors: readonly TensorBytes[]): TensorResult => ({
  tensors,
  queueMs: 0,
  runMs: 0,
  inputMs: 0,
  outputMs: 0,
  batchRows: 0,
  cached: true,
});

type Ran = {
  readonly plan: Plan;
  readonly parts: ResultKeyParts;
  readonly key: string;
  readonly tensors: readonly TensorBytes[];
};

function keep(store: Store, { plan, parts, key, tensors }: Ran): void {
  if (sizeOf(tensors) > mostOutputBytes) return;
  const { id: model, version } = plan.pack.manifest;
  const at = new Date().toISOString();
  store.putTensorResult(key, { ...parts, model, version, at, outputs: packOutputs(tensors) });
}

/** A model without inputs returns constants (no cache needed) or random numbers (must not be cached). */
const isCacheable = (tensors: readonly TensorBytes[]): boolean =>
  tensors.length > 0 && sizeOf(tensors) <= mostInputBytes;

const sizeOf = (tensors: readonly TensorBytes[]): number =>
  tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
