import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { doublesOf, isFloatType, numbersOf } from '../../../contract/tensors/tensor-codec.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { textsOf } from '../../lib/length-prefixed.ts';
import type { PredictFormat } from './read-predict.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { classifierOf, regressorOf } from './signatures.ts';
import type { Classifier } from './signatures.ts';
import { decimal, predictBody } from './write.ts';

/** A model's answer, and as what it is to be written. */
export type TfsWriting = { readonly tensors: readonly TensorBytes[]; readonly served: ServedVersion } & (
  | { readonly kind: 'predict'; readonly format: PredictFormat }
  | { readonly kind: 'regress'; readonly rows: number }
  /** `names` of all classes; empty: the graph gives the label. */
  | { readonly kind: 'classify'; readonly rows: number; readonly names: readonly string[] }
);

type Pairs = readonly (readonly [label: string, score: number])[];

/** The answer's JSON, written here or on a thread: a short one as text, which leaves in one piece with its head, else in UTF-8. */
export function writeTfs(answer: TfsWriting): Read<string | Uint8Array> {
  const text = textOf(answer);
  if (!text.ok || text.value.length < shortText) return text;
  return read(Buffer.from(text.value));
}
const shortText = 4096;

/** The answer to classify: for each example a list of `[label, score]`. */
export function resultsText(results: readonly Pairs[]): string {
  return `{"results":[${results.map((pairs) => `[${pairs.map(pairText).join(',')}]`).join(',')}]}`;
}

const pairText = ([label, score]: Pairs[number]): string =>
  `[${JSON.stringify(label)},${decimal(score, 'float32')}]`;

function textOf(answer: TfsWriting): Read<string> {
  switch (answer.kind) {
    case 'predict':
      return predictBody(answer.format, answer.tensors);
    case 'regress':
      return regressText(answer);
    case 'classify': {
      const ranked = rankRows(answer);
      return ranked.ok ? read(resultsText(ranked.value)) : ranked;
    }
  }
}

function regressText({
  served,
  tensors,
  rows,
}: Extract<TfsWriting, { readonly kind: 'regress' }>): Read<string> {
  const output = regressorOf(served)!;
  const values = doublesOf(tensors.find(({ name }) => name === output.name)!)!;
  if (values.length !== rows) return refused(otherRows(output.name, values.length, rows));
  return read(`{"results":[${values.map((value) => decimal(value, 'float32')).join(',')}]}`);
}

function rankRows({
  served,
  tensors,
  rows,
  names,
}: Extract<TfsWriting, { readonly kind: 'classify' }>): Read<readonly Pairs[]> {
  const { scores, label } = classifierOf(served) as Classifier & { readonly kind: 'tensor' };
  const table = tensors.find(({ name }) => name === scores.name)!;
  const [found = 0, width = 0] = table.dims;
  if (found !== rows) return refused(otherRows(scores.name, found, rows));
  const values = doublesOf(table)!;
  const lines = Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));
  if (names.length > 0)
    return read(lines.map((line) => line.map((score, at) => [names[at] ?? String(at), score] as const)));
  // Without names of all classes there is the label that the graph itself gives, with the highest score of its row.
  const given = labelTexts(tensors.find(({ name }) => name === label?.name)!);
  const best = (line: readonly number[]): number =>
    line.reduce((most, score) => (score > most || Number.isNaN(score) ? score : most), -Infinity);
  return read(lines.map((line, row) => [[given[row] ?? '', best(line)] as const]));
}

function labelTexts({ type, data }: TensorBytes): readonly string[] {
  if (type === 'string') return textsOf(data);
  return isFloatType(type) ? [] : numbersOf({ type, data }).map(String);
}

const otherRows = (output: string, found: number, rows: number): string =>
  `Output ${output} has ${found} rows, and ${rows} examples came`;
