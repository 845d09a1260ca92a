import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { DoorName } from '../../contract/serving.ts';
import type { Engine, TensorRequest } from './door.ts';
import type { Fallback } from './fallback.ts';
import type { Plan } from './plan.ts';
import type { ServedTeller } from './served.ts';
import type { AnswerTensors } from './tensor-cache/index.ts';

export type TensorsParts = {
  readonly planFor: (request: TensorRequest) => Promise<Outcome<Plan>>;
  readonly fallback: Fallback;
  /** Someone wants the model through this door. */
  readonly readmit: (id: string, door: DoorName) => void;
  readonly answer: AnswerTensors;
  readonly served: ServedTeller;
  readonly door: DoorName;
};

/** Named tensors in, named tensors out; their bytes are handed on as they are. */
export function createTensors(parts: TensorsParts): Engine['runTensors'] {
  const { planFor, fallback, answer, served } = parts;
  return async (request, options = {}) => {
    const door = request.door ?? parts.door;
    if (options.signal?.aborted) return failed('cancelled');
    const begun = performance.now();
    const plan = await planFor(request);
    if (!plan.ok) return plan;
    const { id, version } = plan.value.pack.manifest;
    parts.readmit(id, door);
    const outcome = await fallback.run(
      plan.value,
      () => planFor(request),
      (chosen) => answer(chosen, request, options),
    );
    const rows = request.tensors[0]?.dims[0] ?? 1;
    served.tell({
      kind: 'tensor',
      door,
      model: id,
      version,
      begun,
      outcome: outcome.ok
        ? ok({
            queueMs: outcome.value.queueMs,
            runMs: outcome.value.runMs,
            rows,
            batchRows: outcome.value.batchRows,
            cached: outcome.value.cached,
          })
        : outcome,
    });
    return outcome;
  };
}
