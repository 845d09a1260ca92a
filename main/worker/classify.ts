import path from 'node:path';
import type { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults.ts';
import { detail, reason } from '../../contract/reasons.ts';
import type { ClassificationResult } from '../../contract/tasks/image-classification.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import { messageOf } from '../lib/error-text.ts';
import type { Picture } from './decoder.ts';
import { feedOf, firstRow, type PictureModel } from './picture-model.ts';
import { toTensor } from './preprocess.ts';
import { runStopped } from './runtime-words.ts';
import type { Session } from './session.ts';
import { softmax, topScores } from './softmax.ts';

export type ClassifyOptions = { readonly name: string; readonly keep: number; readonly embedding: boolean };
export type LoadedModel = {
  readonly session: Session;
  readonly spec: LoadSpec;
  /** Null for a model that answers no pictures. */
  readonly pictures: PictureModel | null;
};

/** From pixels to ranked labels, by the steps of the manifest. */
export async function classify(
  { session, spec, pictures }: LoadedModel,
  picture: Picture,
  options: ClassifyOptions,
): Promise<Outcome<ClassificationResult>> {
  if (!pictures)
    return failed('input-invalid', {
      name: options.name,
      reason: reason('takes-no-pictures'),
    });
  const { input, output, rows } = pictures;
  const embedding = options.embedding ? spec.embedding : null;
  try {
    const feeds = { [input]: feedOf(pictures, toTensor(picture, spec.preprocessing)) };
    const ran = await run(session, feeds, embedding ? [output, embedding] : [output]);
    if (!ran.ok) return ran;
    const answers = ran.value;
    const values = firstRow(answers[output] as Tensor, rows);
    const scores = spec.postprocessing.some((step) => step.op === 'softmax') ? softmax(values) : values;
    // A sort of what is no number has no order: the first label would be any.
    if (scores.some(Number.isNaN))
      return failed('onnx-mismatch', {
        file: path.basename(spec.modelFile),
        reason: reason('scores-nan', { name: options.name }),
      });
    return ok({
      task: 'image-classification',
      predictions: topScores(scores, spec.labels, options.keep),
      labelCount: scores.length,
      width: picture.width,
      height: picture.height,
      seen: picture.seen,
      ...(embedding ? { embedding: Array.from(firstRow(answers[embedding] as Tensor, rows)) } : {}),
    });
  } catch (error) {
    return failed('internal', {
      reason: detail(messageOf(error).split('\n')[0]!),
    });
  }
}

/** Whatever the runtime throws here is the model's: the picture has the form that the manifest says. */
async function run(
  session: Session,
  feeds: Parameters<Session['runRaw']>[0],
  fetches: readonly string[],
): Promise<Outcome<Awaited<ReturnType<Session['runRaw']>>>> {
  try {
    return ok(await session.runRaw(feeds, fetches));
  } catch (error) {
    return runStopped(error);
  }
}
