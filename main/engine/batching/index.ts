import { failed } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { BatchingParameters } from '../../../contract/serving.ts';
import type { TensorRequest } from '../door.ts';
import type { Plan } from '../plan.ts';
import type { Pools } from '../pools.ts';
import { Lane } from './lane.ts';
import { isBatchable, rowsOf, signatureOf } from './rows.ts';
import { runOne } from './run.ts';
import type { TensorRan } from './run.ts';

export type Batching = {
  run(
    plan: Plan,
    request: TensorRequest,
    options: { readonly signal?: AbortSignal },
  ): Promise<Outcome<TensorRan>>;
  /** TensorFlow Serving's words for this model, from now on. */
  tell(id: string, parameters: BatchingParameters): void;
  parametersOf(id: string): BatchingParameters;
  readonly waiting: number;
};

const idleMs = 60_000;

/**
 * Requests with tensors of the same shape wait together while the workers are busy, and run as one. A model whose inputs
 * and outputs do not all leave their first dimension free is never batched.
 */
export function createBatching(pools: Pools): Batching {
  const lanes = new Map<string, Lane>();
  const told = new Map<string, BatchingParameters>();
  const none: BatchingParameters = {};

  const laneOf = (plan: Plan, signature: string): Lane => {
    const key = `${plan.pack.digest}|${plan.variant.name}|${plan.provider}|${signature}`;
    const known = lanes.get(key);
    if (known) return known;
    for (const [other, lane] of lanes) if (lane.idleMs > idleMs) lanes.delete(other);
    const made = new Lane({ plan, pools, parameters: told.get(plan.pack.manifest.id) ?? none });
    lanes.set(key, made);
    return made;
  };

  return {
    run: (plan, request, { signal }) => {
      if (signal?.aborted) return Promise.resolve(failed('cancelled'));
      const { tensors } = request;
      const rows = canBatch(plan) ? rowsOf(tensors) : null;
      const parameters = told.get(plan.pack.manifest.id) ?? none;
      // What comes in rows already, and what a person waits for alone, goes by itself.
      if (rows === null || parameters.max_batch_size === 1 || rows >= (parameters.max_batch_size ?? 32))
        return runOne(pools, plan, { request, signal });
      return laneOf(plan, signatureOf(tensors)).add({ request, rows, signal });
    },
    tell: (id, parameters) => {
      told.set(id, parameters);
      for (const [key, lane] of lanes) if (lane.id === id) lanes.delete(key);
    },
    parametersOf: (id) => told.get(id) ?? none,
    get waiting() {
      let sum = 0;
      for (const lane of lanes.values()) sum += lane.waiting;
      return sum;
    },
  };
}

const canBatchOf = new WeakMap<object, boolean>();
function canBatch({ pack }: Plan): boolean {
  const known = canBatchOf.get(pack.manifest);
  if (known !== undefined) return known;
  const can = isBatchable(pack.manifest.inputs) && isBatchable(pack.manifest.outputs);
  canBatchOf.set(pack.manifest, can);
  return can;
}
