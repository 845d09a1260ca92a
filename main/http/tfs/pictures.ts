import type { Outcome } from '../../../contract/faults.ts';
import { isAnswered, keptScores } from '../../../contract/prediction.ts';
import type { LabelScore, PredictionRecord } from '../../../contract/prediction.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import type { Ask } from './ask.ts';
import { packed } from './dense.ts';
import { read, refusalOf } from './refusal.ts';
import type { Read } from './refusal.ts';

/** The kept scores of each encoded picture, highest first; one that fails ends the whole request. */
export async function rankPictures(
  ask: Ask,
  pictures: readonly Uint8Array[],
): Promise<Read<readonly (readonly LabelScore[])[]>> {
  const { serving } = ask.context;
  const answers: PredictionRecord[] = [];
  const end = new AbortController();
  const signal = AbortSignal.any([ask.signal, end.signal]);
  const started = performance.now();
  let next = 0;
  let wrong: Read<never> | null = null;
  const lane = async (): Promise<void> => {
    while (wrong === null && next < pictures.length) {
      const at = next++;
      const left = ask.context.limits.timeoutMs - (performance.now() - started);
      const request = { served: ask.served, door: 'http', signal, deadlineMs: Math.max(left, 1) } as const;
      const name = `image ${at}`;
      const outcome: Outcome<PredictionRecord> = await serving.picture({
        ...request,
        bytes: pictures[at]!,
        name,
        top: keptScores,
      });
      if (outcome.ok) answers[at] = outcome.value;
      else if (wrong === null) {
        wrong = { ok: false, refusal: refusalOf(outcome.fault) };
        end.abort();
      }
    }
  };
  // Two for each worker: one decodes while the other runs. More would fill the queue against other askers.
  const lanes = Math.min(pictures.length, Math.max(2, serving.status().workers * 2));
  await Promise.all(Array.from({ length: lanes }, lane));
  if (wrong !== null) return wrong;
  return read(answers.filter(isAnswered).map(({ result }) => result.predictions));
}

/** `label`, `score` and `index` of ranked pictures, [N, k] each. */
export function rankedTensors(ranked: readonly (readonly LabelScore[])[]): readonly TensorBytes[] {
  const width = Math.min(...ranked.map(({ length }) => length));
  const dims = [ranked.length, width];
  const all = ranked.flatMap((one) => one.slice(0, width));
  const bytesOf = (data: Float32Array | BigInt64Array): Uint8Array => new Uint8Array(data.buffer);
  return [
    { name: 'label', type: 'string', dims, data: packed(all.map(({ label }) => Buffer.from(label))) },
    { name: 'score', type: 'float32', dims, data: bytesOf(Float32Array.from(all, ({ score }) => score)) },
    {
      name: 'index',
      type: 'int64',
      dims,
      data: bytesOf(BigInt64Array.from(all, ({ index }) => BigInt(index))),
    },
  ];
}

/** The single strings of a string tensor. */
export function unpacked({ data }: TensorBytes): readonly Buffer[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    out.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return out;
}
