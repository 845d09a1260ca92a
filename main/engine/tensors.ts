import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { Engine, TensorRequest } from './door.ts';
import type { Plan } from './plan.ts';
import type { Pools } from './pools.ts';

export type TensorsParts = {
  readonly planFor: (request: TensorRequest) => Promise<Outcome<Plan>>;
  readonly pools: Pools;
};

/** Named tensors in, named tensors out; their bytes are handed on as they are. */
export function createTensors({ planFor, pools }: TensorsParts): Engine['runTensors'] {
  return async (request, options = {}) => {
    if (options.signal?.aborted) return failed('cancelled');
    const plan = await planFor(request);
    if (!plan.ok) return plan;
    const { outcome } = pools.ask(plan.value, {
      question: {
        kind: 'run',
        tensors: request.tensors.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })),
      },
      blobs: request.tensors.map(({ data }) => data),
      file: `tensors for ${plan.value.pack.ref}`,
      priority: request.priority ?? 'interactive',
      signal: options.signal,
    });
    const answered = await outcome;
    if (!answered.ok) return answered;
    const { reply, blobs } = answered.value;
    if (reply.kind !== 'ran')
      return failed('internal', { reason: `a worker answered ${reply.kind} to tensors` });
    const tensors = reply.tensors.map(({ name, type, dims, blob }) => ({
      name,
      type,
      dims,
      data: blobs[blob] ?? new Uint8Array(),
    }));
    return ok({ tensors, runMs: reply.runMs });
  };
}
