import { extname } from 'node:path';
import { isAnswered } from '../../../contract/runs/prediction.ts';
import type { PredictionOutcome, PredictionRecord } from '../../../contract/runs/prediction.ts';
import { recordOutcome } from '../../../contract/runs/record.ts';
import type { InputOutcome, PredictWork } from './types.ts';

/** Results of a model that takes pictures: files as given, folders in path order. */
export async function* answerPictures(work: PredictWork): AsyncGenerator<InputOutcome> {
  const { options, inputs, named, interrupt, opened, pack, onLeftOut } = work;
  // A single file has interactive priority; anything else is a batch.
  const isOne = inputs.length === 1 && extname(inputs[0] ?? '') !== '';
  const request = {
    inputs: named.paths,
    model: pack.ref,
    variant: options.variant,
    ...(options.decode && { decode: options.decode }),
    ...(options.thorough && { thorough: true }),
    provider: options.provider,
    useCache: options.cache,
    top: options.top,
    priority: isOne ? ('interactive' as const) : ('batch' as const),
  };
  for await (const outcome of opened.engine.predictAll(request, { signal: interrupt.signal, onLeftOut })) {
    // Cancelled items are not reported: the next run repeats them.
    if (!isAnswered(outcome) && outcome.fault.code === 'cancelled') continue;
    yield answerOf(outcome, work);
  }
}

function answerOf(outcome: PredictionOutcome, { options }: PredictWork): InputOutcome {
  const record = recordOutcome(outcome, options);
  if (!isAnswered(outcome)) return { record, isCached: false, fault: outcome.fault, ranAs: null };
  return { record, isCached: outcome.cached, fault: null, ranAs: ranAs(outcome) };
}

function ranAs({ model, version, variant, provider, shape }: PredictionRecord): string {
  const device = provider === 'cpu' ? 'CPU' : provider;
  const workers = `${shape.workers} ${shape.workers === 1 ? 'worker' : 'workers'}`;
  const threads = `${shape.threads} ${shape.threads === 1 ? 'thread' : 'threads'}`;
  return `${model} ${version}, ${variant}, on the ${device} of this computer, ${workers} with ${threads} each`;
}
