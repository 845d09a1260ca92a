import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { ClientName } from '../../../contract/serving/serving.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import type { EngineHooks } from '../hooks.ts';
import type { Fallback } from '../providers/index.ts';
import type { Routing } from '../version-routing.ts';
import type { PredictRequest } from '../types.ts';
import type { PredictedRecord, Predictor } from './predict.ts';
import { ranFigures } from './served.ts';
import type { ServedNotifier } from './served.ts';

type PhotoPredictor = (
  request: PredictRequest,
  options: { readonly signal?: AbortSignal; readonly isBounded?: boolean },
) => Promise<Outcome<PredictedRecord>>;

/** Plans a photo's request, runs it with the CPU as fallback, and reports its end to the monitor and the canary. */
export function createPhotoPredictor(parts: {
  readonly routing: Routing;
  readonly fallback: Fallback;
  readonly predictor: Predictor;
  readonly served: ServedNotifier;
  readonly observe: EngineHooks['observe'];
  /** Of requests that name no client. */
  readonly client: ClientName | undefined;
  readonly onEnded: () => void;
}): PhotoPredictor {
  const { routing, fallback, predictor, served, observe, onEnded } = parts;
  return async (request, options) => {
    if (options.signal?.aborted) return failed('cancelled');
    const begun = performance.now();
    const client = request.client ?? parts.client;
    const plan = await routing.planForPhoto(request);
    if (!plan.ok) return plan;
    const { manifest, ref } = plan.value.pack;
    const { id: model, version } = manifest;
    routing.readmit(model, client);
    if (!takesPictures(manifest.task))
      return failed('task-mismatch', { model: ref, task: manifest.task, input: reason('photos') });
    const outcome = await fallback.run(
      plan.value,
      () => routing.planForPhoto(request),
      (chosen) => predictor(chosen, request, options),
    );
    onEnded();
    served.notify({
      kind: 'picture',
      client: client ?? 'window',
      model,
      version,
      begun,
      outcome: outcome.ok ? ok(ranFigures(outcome.value)) : outcome,
    });
    // Cached results and folder runs (shared cores) say nothing about the speed of this version.
    const record = outcome.ok ? outcome.value.record : null;
    const ms = record && request.priority !== 'batch' ? record.decodeMs + record.runMs : null;
    if (!record?.cached) observe({ model, version, outcome, ms });
    return outcome;
  };
}
