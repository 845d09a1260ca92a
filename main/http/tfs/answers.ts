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

/** The body of an answer to `:predict`. */
export async function predict(ask: Ask, document: Document): Promise<Read<string>> {
  const name = signatureNameOf(document);
  if (!name.ok) return name;
  const signature = signatureFor(ask.served, 'predict', name.value);
  if (!signature.ok) return signature;
  const { maxElements } = ask.context.limits;
  const asked = predictTensors(document, { inputs: signature.value.inputs, maxElements });
  if (!asked.ok) return asked;
  const { format, tensors } = asked.value;
  const isPictures = signature.value.name === pictureSignature;
  const answer = isPictures ? await predictPictures(ask, tensors) : await infer(ask, tensors);
  return answer.ok ? predictBody(format, answer.value) : answer;
}

/** The body of an answer to `:classify`: for each example a list of `[label, score]`. */
export async function classify(ask: Ask, document: Document): Promise<Read<string>> {
  const examples = exampleRequest(ask, document, 'classify');
  if (!examples.ok) return examples;
  const classifier = classifierOf(ask.served)!;
  const results =
    classifier.kind === 'picture'
      ? await classifyPictures(ask, document.body, examples.value)
      : await classifyRows(ask, classifier, { body: document.body, examples: examples.value });
  if (!results.ok) return results;
  const lists = results.value.map(
    (pairs) =>
      `[${pairs.map(([label, score]) => `[${JSON.stringify(label)}, ${decimal(score, 'float32')}]`).join(', ')}]`,
  );
  return read(`{\n    "results": [${lists.join(', ')}\n    ]\n}`);
}

/** The body of an answer to `:regress`: one number for each example. */
export async function regress(ask: Ask, document: Document): Promise<Read<string>> {
  const examples = exampleRequest(ask, document, 'regress');
  if (!examples.ok) return examples;
  const output = regressorOf(ask.served)!;
  const answer = await inferExamples(ask, document.body, examples.value);
  if (!answer.ok) return answer;
  const values = floatsOf(answer.value.find(({ name }) => name === output.name)!);
  if (values.length !== examples.value.length) {
    return refused(`Expected output to have ${examples.value.length} values, got ${values.length}`);
  }
  return read(`{\n    "results": [${values.map((value) => decimal(value, 'float32')).join(', ')}]\n}`);
}

type Pairs = readonly (readonly [label: string, score: number])[];

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

async function classifyPictures(
  ask: Ask,
  body: Buffer,
  examples: readonly Example[],
): Promise<Read<readonly Pairs[]>> {
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
  const ranked = await rankPictures(ask, pictures);
  if (!ranked.ok) return ranked;
  return read(ranked.value.map((one) => one.map(({ label, score }) => [label, score] as const)));
}

async function classifyRows(
  ask: Ask,
  { scores, label }: Classifier & { readonly kind: 'tensor' },
  { body, examples }: { readonly body: Buffer; readonly examples: readonly Example[] },
): Promise<Read<readonly Pairs[]>> {
  const answer = await inferExamples(ask, body, examples);
  if (!answer.ok) return answer;
  const table = answer.value.find(({ name }) => name === scores.name)!;
  const [rows = 0, width = 0] = table.dims;
  if (rows !== examples.length)
    return refused(`Expected classes output batch size of ${examples.length}. Got: ${rows}`);
  const values = floatsOf(table);
  const rowOf = (row: number): readonly number[] => values.slice(row * width, (row + 1) * width);
  if (ask.served.labelCount > 0) {
    const names = await ask.context.serving.labels(ask.served);
    return read(
      examples.map((_, row) => rowOf(row).map((score, at) => [names[at] ?? String(at), score] as const)),
    );
  }
  // Without names of all classes there is the label that the graph itself gives, with the highest score of its row.
  const given = textsOf(answer.value.find(({ name }) => name === label?.name)!);
  return read(examples.map((_, row) => [[given[row] ?? '', Math.max(...rowOf(row))] as const]));
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

async function inferExamples(
  ask: Ask,
  body: Buffer,
  examples: readonly Example[],
): Promise<Read<readonly TensorBytes[]>> {
  const tensors: TensorBytes[] = [];
  for (const spec of ask.served.inputs) {
    const input = inputOf(examples, { spec, body, maxElements: ask.context.limits.maxElements });
    if (!input.ok) return input;
    tensors.push(input.value);
  }
  return infer(ask, tensors);
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
