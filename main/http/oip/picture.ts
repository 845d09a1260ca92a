import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { clientReason } from '../../../contract/reasons.ts';
import type { PredictionRecord } from '../../../contract/prediction.ts';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensor.ts';
import type { Serving } from '../../serving/index.ts';
import { joinTexts, stringsOf } from '../../lib/length-prefixed.ts';
import { answerPictures, tooManyPictures } from '../server/answer-pictures.ts';
import type { AskPictures } from '../server/answer-pictures.ts';

/** The input that stands for encoded picture files, in place of the tensors of the graph. */
export const imageInput: TensorSpec = { name: 'image', type: 'string', shape: [-1] };
const answerNames = ['label', 'score', 'index'] as const;
const defaultLabels = 5;

/** Whether these inputs are pictures in their files. */
export function isPictures({ task, inputs }: ServedVersion, names: readonly string[]): boolean {
  return (
    task === 'image-classification' &&
    names.includes(imageInput.name) &&
    !inputs.some(({ name }) => name === imageInput.name)
  );
}

/**
 * Answers pictures in their files with `label` BYTES, `score` FP32 and `index` INT64, each [N, k], best first.
 * `k` null is 5, or all where a model has fewer. Faults: `input-invalid`, and those of a picture.
 */
export async function inferPictures(
  serving: Serving,
  request: Omit<AskPictures, 'top' | 'isAllOrNothing'>,
  asked: { readonly image: TensorBytes; readonly k: number | null; readonly outputs?: readonly string[] },
): Promise<Outcome<readonly TensorBytes[]>> {
  const names = asked.outputs ?? answerNames;
  const stray = names.find((name) => !answerNames.some((known) => known === name));
  if (stray !== undefined)
    return failed('input-invalid', {
      name: stray,
      reason: clientReason(`for ${imageInput.name} there is ${answerNames.join(', ')}`),
    });
  const { labelCount } = request.served;
  const k = asked.k ?? Math.min(defaultLabels, labelCount);
  if (k > labelCount)
    return failed('request-malformed', { what: 'parameter k', reason: `the model has ${labelCount} labels` });
  const many = tooManyPictures(asked.image.dims[0] ?? 0);
  if (many) return many;
  const pictures = stringsOf(asked.image.data).map((bytes, at) => ({
    bytes,
    name: `${imageInput.name}[${at}]`,
  }));
  const answers = await answerPictures(serving, pictures, { ...request, top: k, isAllOrNothing: true });
  if (!answers.ok) return answers;
  const records = answers.value.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const tensors = tensorsOf(records, k);
  return ok(names.flatMap((name) => tensors.find((tensor) => tensor.name === name) ?? []));
}

function tensorsOf(records: readonly PredictionRecord[], k: number): readonly TensorBytes[] {
  const best = records.flatMap(({ result }) => result.predictions);
  const dims = [records.length, k];
  const scores = Buffer.allocUnsafe(best.length * 4);
  const indexes = Buffer.allocUnsafe(best.length * 8);
  best.forEach(({ score, index }, at) => {
    scores.writeFloatLE(score, at * 4);
    indexes.writeBigInt64LE(BigInt(index), at * 8);
  });
  return [
    { name: 'label', type: 'string', dims, data: joinTexts(best.map(({ label }) => label)) },
    { name: 'score', type: 'float32', dims, data: scores },
    { name: 'index', type: 'int64', dims, data: indexes },
  ];
}
