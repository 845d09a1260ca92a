import { isAnswered } from '../../../contract/prediction.ts';
import { keptScores } from '../../../contract/tasks/image-classification.ts';
import type { LabelScore } from '../../../contract/labels.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import { joinTexts } from '../../lib/length-prefixed.ts';
import { answerPictures } from '../server/answer-pictures.ts';
import type { Ask } from './ask.ts';
import { faulted, read } from './refusal.ts';
import type { Read } from './refusal.ts';

/** The kept scores of each encoded picture, highest first; one that fails ends the whole request. */
export async function rankPictures(
  ask: Ask,
  pictures: readonly Uint8Array[],
): Promise<Read<readonly (readonly LabelScore[])[]>> {
  const { serving, limits } = ask.context;
  const answers = await answerPictures(
    serving,
    pictures.map((bytes, at) => ({ bytes, name: `image ${at}` })),
    {
      served: ask.served,
      door: 'http',
      signal: ask.signal,
      deadlineMs: limits.timeoutMs,
      top: keptScores,
      isAllOrNothing: true,
    },
  );
  if (!answers.ok) return faulted(answers.fault);
  const records = answers.value.flatMap((answer) => (answer.ok ? [answer.value] : []));
  return read(records.filter(isAnswered).map(({ result }) => result.predictions));
}

/** `label`, `score` and `index` of ranked pictures, [N, k] each. */
export function rankedTensors(ranked: readonly (readonly LabelScore[])[]): readonly TensorBytes[] {
  const width = Math.min(...ranked.map(({ length }) => length));
  const dims = [ranked.length, width];
  const all = ranked.flatMap((one) => one.slice(0, width));
  const bytesOf = (data: Float32Array | BigInt64Array): Uint8Array => new Uint8Array(data.buffer);
  return [
    { name: 'label', type: 'string', dims, data: joinTexts(all.map(({ label }) => label)) },
    { name: 'score', type: 'float32', dims, data: bytesOf(Float32Array.from(all, ({ score }) => score)) },
    {
      name: 'index',
      type: 'int64',
      dims,
      data: bytesOf(BigInt64Array.from(all, ({ index }) => BigInt(index))),
    },
  ];
}
