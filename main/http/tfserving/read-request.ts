import type { ServedVersion } from '../../../contract/serving.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import { documentOf, signatureNameOf } from './document.ts';
import type { Document } from './document.ts';
import { examplesOf, inputOf } from './examples.ts';
import type { Example } from './examples.ts';
import { predictTensors } from './predict-request.ts';
import type { PredictFormat } from './predict-request.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { stringBytes } from './scalars.ts';
import { classifierOf, pictureSignature, signatureFor } from './signatures.ts';
import type { Method } from './signatures.ts';
import { readTree } from './tree.ts';
import { textOnly } from './values.ts';

export type TfsReading = {
  readonly verb: Method;
  readonly served: ServedVersion;
  readonly body: Buffer;
  readonly maxDepth: number;
  readonly maxElements: number;
};
/** What a request asks, with nothing left of its text. */
export type TfsRequest =
  | {
      readonly kind: 'predict';
      readonly arePictures: boolean;
      readonly format: PredictFormat;
      readonly tensors: readonly TensorBytes[];
    }
  | { readonly kind: 'classify-pictures'; readonly pictures: readonly Uint8Array[] }
  | {
      readonly kind: 'classify' | 'regress';
      readonly rows: number;
      readonly tensors: readonly TensorBytes[];
    };

/** Values of one request besides the numbers of flat lists: each takes about a hundred bytes while it is read. */
const mostValues = 4_000_000;

/** Reads a request, here or on a thread. Refusals are in TensorFlow Serving's words. */
export function readTfs(asked: TfsReading): Read<TfsRequest> {
  const { verb, body, maxDepth } = asked;
  const tree = readTree(body, { maxDepth, maxNodes: mostValues });
  if (tree.kind === 'large') return refused(`JSON Parse error: More than ${mostValues} values.`);
  const document = documentOf(body, tree);
  if (!document.ok) return document;
  return verb === 'predict' ? predict(asked, document.value) : rank(asked, verb, document.value);
}

function predict({ served, maxElements }: TfsReading, document: Document): Read<TfsRequest> {
  const name = signatureNameOf(document);
  if (!name.ok) return name;
  const signature = signatureFor(served, 'predict', name.value);
  if (!signature.ok) return signature;
  const asked = predictTensors(document, { inputs: signature.value.inputs, maxElements });
  if (!asked.ok) return asked;
  const arePictures = signature.value.name === pictureSignature;
  const texts = arePictures ? read(undefined) : textOnly(asked.value.tensors);
  return texts.ok ? read({ kind: 'predict', arePictures, ...asked.value }) : texts;
}

function rank(asked: TfsReading, verb: 'classify' | 'regress', document: Document): Read<TfsRequest> {
  const name = signatureNameOf(document);
  if (!name.ok) return name;
  const signature = signatureFor(asked.served, verb, name.value);
  if (!signature.ok) return signature;
  const examples = examplesOf(document, verb);
  if (!examples.ok) return examples;
  if (verb === 'classify' && classifierOf(asked.served)?.kind === 'picture')
    return picturesOf(document.body, examples.value);
  const tensors: TensorBytes[] = [];
  for (const spec of asked.served.inputs) {
    const input = inputOf(examples.value, { spec, body: document.body, maxElements: asked.maxElements });
    if (!input.ok) return input;
    tensors.push(input.value);
  }
  const texts = textOnly(tensors);
  return texts.ok ? read({ kind: verb, rows: examples.value.length, tensors }) : texts;
}

function picturesOf(body: Buffer, examples: readonly Example[]): Read<TfsRequest> {
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
  return read({ kind: 'classify-pictures', pictures });
}
