import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ClientName } from '../../../contract/serving/serving.ts';
import { isBatchable } from '../batching/index.ts';
import type { Batching } from '../batching/index.ts';
import type { Engine, QuickRequest, TensorResult } from '../types.ts';
import type { Fallback } from '../providers/index.ts';
import type { Plan } from '../plan.ts';
import type { Routing } from '../version-routing.ts';
import type { ServedNotifier } from './served.ts';
import type { ResolveTensors } from './tensor-cache/index.ts';

type TensorsParts = {
  readonly routing: Pick<Routing, 'planFor' | 'knownPlan' | 'readmit'>;
  readonly fallback: Fallback;
  readonly answer: ResolveTensors;
  readonly batching: Pick<Batching, 'runNow' | 'isQuick'>;
  readonly served: ServedNotifier;
  readonly client: ClientName;
};

/** For the meter: the model's time alone, beside those of inputs and outputs. */
function figuresOf(answer: TensorResult, rows: number) {
  const { queueMs, runMs, inputMs, outputMs, batchRows, cached } = answer;
  return { queueMs, runMs: runMs - inputMs - outputMs, inputMs, outputMs, rows, batchRows, cached };
}

/** As Triton refuses it: a model with a `max_batch_size` takes no request with more rows. */
function tooManyRows({ pack }: Plan, { tensors }: QuickRequest): Outcome<never> | null {
  const most = pack.manifest.serving?.maxBatch;
  const rows = tensors[0]?.dims[0] ?? 1;
  if (most === undefined || rows <= most || !isBatchable(pack.manifest.inputs)) return null;
  return failed('batch-too-large', { model: pack.manifest.id, most, rows });
}

/** Named tensors in, named tensors out; their bytes are handed on as they are. */
export function createTensors(parts: TensorsParts): Pick<Engine, 'runTensors' | 'quickModel'> {
  const { routing, fallback, answer, batching, served } = parts;
  const notify = (
    { pack: { manifest } }: Plan,
    { request, begun }: { readonly request: QuickRequest; readonly begun: number },
    outcome: Outcome<TensorResult>,
  ): void => {
    const rows = request.tensors[0]?.dims[0] ?? 1;
    served.notify({
      kind: 'tensor',
      client: request.client ?? parts.client,
      model: manifest.id,
      version: manifest.version,
      begun,
      outcome: outcome.ok ? ok(figuresOf(outcome.value, rows)) : outcome,
    });
  };
  return {
    runTensors: async (request, options = {}) => {
      if (options.signal?.aborted) return failed('cancelled');
      const begun = performance.now();
      const plan = await routing.planFor(request);
      if (!plan.ok) return plan;
      routing.readmit(plan.value.pack.manifest.id, request.client ?? parts.client);
      const outcome =
        tooManyRows(plan.value, request) ??
        (await fallback.run(
          plan.value,
          () => routing.planFor(request),
          (chosen) => answer(chosen, request, options),
        ));
      notify(plan.value, { request, begun }, outcome);
      return outcome;
    },
    quickModel: (model) => {
      const plan = routing.knownPlan(model);
      if (plan === null || !batching.isQuick(plan)) return null;
      return (request) => {
        const begun = performance.now();
        const ran = tooManyRows(plan, request) ? null : batching.runNow(plan, request);
        if (!ran?.ok) return null;
        const { tensors, queueMs, runMs, inputMs, outputMs, batchRows } = ran.value;
        const result = { tensors, queueMs, runMs, inputMs, outputMs, batchRows, cached: false };
        notify(plan, { request, begun }, ok(result));
        return result;
      };
    },
  };
}
