import type { TensorBytes } from '../../../contract/tensor.ts';
import type { Ask } from './ask.ts';
import { signatureNameOf } from './document.ts';
import type { Document } from './document.ts';
import { examplesOf, inputOf } from './examples.ts';
import type { Example } from './examples.ts';
import { rankPictures, rankedTensors, unpacked } from './pictures.ts';
import { predictTensors } from './predict-request.ts';
import { faulted, read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { stringBytes } from './scalars.ts';
import { classifierOf, pictureSignature, regressorOf, signatureFor } from './signatures.ts';
import type { Classifier } from './signatures.ts';
import { decimal, predictBody } from './write.ts';
import { floatsOf, textOnly, textsOf } from './values.ts';

/** The rest of an answer once its request is read, so that nothing of the parsed request lives while the model runs. */
export type Answering = () => Promise<Read<string>>;

/** Reads a `:predict` request. */
export function predict(ask: Ask, document: Document): Read<Answering> {
  const name = signatureNameOf(document);
  if (!name.ok) return name;
  const signature = signatureFor(ask.served, 'predict', name.value);
  if (!signature.ok) return signature;
  const { maxElements } = ask.context.limits;
  const asked = predictTensors(document, { inputs: signature.value.inputs, maxElements });
  if (!asked.ok) return asked;
  const { format, tensors } = asked.value;
  const run = signature.value.name === pictureSignature ? predictPictures : infer;
  return read(async () => {
    const answer = await run(ask, tensors);
    return answer.ok ? predictBody(format, answer.value) : answer;
  });
}

/** Reads a `:classify` request; the answer has for each example a list of `[label, score]`. */
export function classify(ask: Ask, document: Document): Read<Answering> {
  const examples = exampleRequest(ask, document, 'classify');
  if (!examples.ok) return examples;
  const classifier = classifierOf(ask.served)!;
  const begun =
    classifier.kind === 'picture'
      ? classifyPictures(ask, document.body, examples.value)
      : classifyRows(ask, classifier, { body: document.body, examples: examples.value });
  if (!begun.ok) return begun;
  const rank = begun.value;
  return read(async () => {
    const results = await rank();
    if (!results.ok) return results;
    const lists = results.value.map((pairs) => `[${pairs.map(pairText).join(', ')}]`);
    return read(`{\n    "results": [${lists.join(', ')}\n    ]\n}`);
  });
}

/** Reads a `:regress` request; the answer has one number for each example. */
export function regress(ask: Ask, document: Document): Read<Answering> {
  const examples = exampleRequest(ask, document, 'regress');
  if (!examples.ok) return examples;
  const output = regressorOf(ask.served)!;
  const rows = examples.value.length;
  const tensors = exampleTensors(ask, document.body, examples.value);
  if (!tensors.ok) return tensors;
  return read(async () => {
    const answer = await infer(ask, tensors.value);
    if (!answer.ok) return answer;
    const values = floatsOf(answer.value.find(({ name }) => name === output.name)!);
    if (values.length !== rows)
      return refused(`Expected output to have ${rows} values, got ${values.length}`);
    return read(`{\n    "results": [${values.map((value) => decimal(value, 'float32')).join(', ')}]\n}`);
  });
}

type TensorClassifier = Classifier & { readonly kind: 'tensor' };
type Pairs = readonly (readonly [label: string, score: number])[];
type Ranking = () => Promise<Read<readonly Pairs[]>>;
const pairText = ([label, score]: Pairs[number]): string =>
  `[${JSON.stringify(label)}, ${decimal(score, 'float32')}]`;

function exampleRequest(
  ask: Ask,
  document: Document,
  method: 'classify' | 'regress',
): Read<readonly Example[]> {
  const name = signatureNameOf(document);
  if (!name.ok) return name;
  const signature = signatureFor(ask.served, method, name.value);
  return signature.ok ? examplesOf(document, method) : signature;
}

function classifyPictures(ask: Ask, body: Buffer, examples: readonly Example[]): Read<Ranking> {
  const pictures: Uint8Array[] = [];
  for (const [at, example] of examples.entries()) {
    const feature = example.get('image');
    if (feature === undefined) {
      return refused('Feature: image (data type: string) is required but could not be found.');
    }
    const [value, ...more] = feature.values;
    if (value === undefined || more.length > 0 || feature.kind !== 'bytes') {
      return refused(`Feature: image of example ${at} has to be one encoded file, as {"b64": …}`);
    }
    const bytes = stringBytes(body, value);
    if (!bytes.ok) return bytes;
    pictures.push(bytes.value);
  }
  return read(async () => {
    const ranked = await rankPictures(ask, pictures);
    if (!ranked.ok) return ranked;
    return read(ranked.value.map((one) => one.map(({ label, score }) => [label, score] as const)));
  });
}

function classifyRows(
  ask: Ask,
  classifier: TensorClassifier,
  { body, examples }: { readonly body: Buffer; readonly examples: readonly Example[] },
): Read<Ranking> {
  const tensors = exampleTensors(ask, body, examples);
  if (!tensors.ok) return tensors;
  const rows = examples.length;
  return read(async () => {
    const answer = await infer(ask, tensors.value);
    return answer.ok ? rankRows(ask, classifier, { tensors: answer.value, rows }) : answer;
  });
}

async function rankRows(
  ask: Ask,
  { scores, label }: TensorClassifier,
  { tensors, rows }: { readonly tensors: readonly TensorBytes[]; readonly rows: number },
): Promise<Read<readonly Pairs[]>> {
  const table = tensors.find(({ name }) => name === scores.name)!;
  const [found = 0, width = 0] = table.dims;
  if (found !== rows) return refused(`Expected classes output batch size of ${rows}. Got: ${found}`);
  const values = floatsOf(table);
  const lines = Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));
  if (ask.served.labelCount > 0) {
    const names = await ask.context.serving.labels(ask.served);
    return read(lines.map((line) => line.map((score, at) => [names[at] ?? String(at), score] as const)));
  }
  // Without names of all classes there is the label that the graph itself gives, with the highest score of its row.
  const given = textsOf(tensors.find(({ name }) => name === label?.name)!);
  return read(lines.map((line, row) => [[given[row] ?? '', Math.max(...line)] as const]));
}

async function predictPictures(
  ask: Ask,
  tensors: readonly TensorBytes[],
): Promise<Read<readonly TensorBytes[]>> {
  const [images] = tensors;
  const pictures = unpacked(images!);
  if (images!.dims.length !== 1 || pictures.length === 0) {
    return refused(`Input image has to be a list of encoded files; got shape [${images!.dims.join(',')}]`);
  }
  const ranked = await rankPictures(ask, pictures);
  return ranked.ok ? read(rankedTensors(ranked.value)) : ranked;
}

function exampleTensors(ask: Ask, body: Buffer, examples: readonly Example[]): Read<readonly TensorBytes[]> {
  const tensors: TensorBytes[] = [];
  for (const spec of ask.served.inputs) {
    const input = inputOf(examples, { spec, body, maxElements: ask.context.limits.maxElements });
    if (!input.ok) return input;
    tensors.push(input.value);
  }
  return read(tensors);
}

async function infer(ask: Ask, tensors: readonly TensorBytes[]): Promise<Read<readonly TensorBytes[]>> {
  const { context, served, signal } = ask;
  const texts = textOnly(tensors);
  if (!texts.ok) return texts;
  const outcome = await context.serving.infer({
    served,
    door: 'http',
    tensors,
    deadlineMs: context.limits.timeoutMs,
    signal,
  });
  return outcome.ok ? read(outcome.value.tensors) : faulted(outcome.fault);
}
