import { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults.ts';
import type { ClassificationResult } from '../../contract/prediction.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import type { Picture } from './decoder.ts';
import { pictureInput, toTensor } from './preprocess.ts';
import type { Session } from './session.ts';
import { softmax, topScores } from './softmax.ts';

export type ClassifyOptions = { readonly name: string; readonly keep: number; readonly embedding: boolean };

/** From pixels to ranked labels, by the steps of the manifest. */
export async function classify(
  model: { session: Session; spec: LoadSpec },
  picture: Picture,
  options: ClassifyOptions,
): Promise<Outcome<ClassificationResult>> {
  const { session, spec } = model;
  const input = pictureInput(spec.preprocessing) ?? session.inputs[0]?.name;
  const output = spec.scored;
  if (!input || !output)
    return failed('input-invalid', {
      name: options.name,
      reason: 'the model has no input or output for pictures',
    });
  const { data, dims } = toTensor(picture, spec.preprocessing);
  const embedding = options.embedding ? spec.embedding : null;
  try {
    const answers = await session.runRaw(
      { [input]: new Tensor('float32', data, dims) },
      embedding ? [output, embedding] : [output],
    );
    const logits = answers[output]!.data as Float32Array;
    const isScore = !spec.postprocessing.some((step) => step.op === 'softmax');
    return ok({
      task: 'image-classification',
      predictions: topScores(
        isScore ? Float64Array.from(logits) : softmax(logits),
        spec.labels,
        options.keep,
      ),
      labelCount: logits.length,
      width: picture.width,
      height: picture.height,
      seen: picture.seen,
      ...(embedding ? { embedding: Array.from(answers[embedding]!.data as Float32Array) } : {}),
    });
  } catch (error) {
    return failed('internal', {
      reason: error instanceof Error ? error.message.split('\n')[0]! : String(error),
    });
  }
}
