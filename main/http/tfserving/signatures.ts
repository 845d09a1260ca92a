import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { isFloatType } from '../../../contract/tensors/tensor-codec.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { imageInput, pictureTask } from '../tensors/index.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

export type Method = 'predict' | 'classify' | 'regress';

/** One way to ask a model, as TensorFlow Serving's signatures are: names, types and shapes; -1 is a free dimension. */
export type Signature = {
  readonly name: string;
  readonly method: Method;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
};

const defaultSignature = 'serving_default';
export const pictureSignature = 'predict_images';

/** Every signature of a version, `serving_default` first where it has tensors of its own. */
export function signaturesOf(served: ServedVersion): readonly Signature[] {
  const all: Signature[] = [];
  if (served.outputs.length > 0) all.push(plainSignature(served));
  const pictures = pictureTask(served);
  if (pictures) all.push({ ...pictureInput, outputs: (pictures.tensorFlow ?? pictures).outputs });
  if (classifierOf(served) !== null) all.push(classification);
  if (regressorOf(served) !== null) all.push(regression);
  return all;
}

const plainSignature = ({ inputs, outputs }: ServedVersion): Signature => ({
  name: defaultSignature,
  method: 'predict',
  inputs,
  outputs,
});

/**
 * The signature that a request names for this method. A request for classify or regress that names none, or the
 * default, means the model's one signature of that method.
 */
export function signatureFor(served: ServedVersion, method: Method, name: string): Read<Signature> {
  const isDefault = name === '' || name === defaultSignature;
  if (isDefault && method === 'predict' && served.outputs.length > 0) return read(plainSignature(served));
  const all = signaturesOf(served);
  const wanted = isDefault
    ? (all.find((one) => one.method === method) ?? all[0])
    : all.find((one) => one.name === name);
  if (wanted?.method === method) return read(wanted);
  return refused(
    wanted
      ? `Signature ${wanted.name} is for ${wanted.method}, and ${method} was asked`
      : `There is no signature ${name.slice(0, 80)}; there is ${all.map((one) => one.name).join(', ')}`,
  );
}

/** How a tensor model's outputs answer classify: scores of each row, and the label it gives itself when there is one. */
export type Classifier =
  | { readonly kind: 'picture' }
  | { readonly kind: 'tensor'; readonly scores: TensorSpec; readonly label: TensorSpec | null };

/** Null for a model that does not classify. */
export function classifierOf({ task, inputs, outputs, labelCount }: ServedVersion): Classifier | null {
  const pictures = pictureTask({ task });
  if (pictures) return pictures.ranked ? { kind: 'picture' } : null;
  // Examples hold what a model takes.
  if (inputs.length === 0) return null;
  const scores = outputs.filter(({ type, shape }) => isFloatType(type) && shape.length === 2);
  const named =
    scores.find(({ name }) => /prob|score/iu.test(name)) ?? (labelCount > 0 ? scores[0] : undefined);
  if (named === undefined) return null;
  const label = outputs.find(
    ({ name, type, shape }) => /label|class/iu.test(name) && !isFloatType(type) && isColumn(shape),
  );
  if (label === undefined && labelCount === 0) return null;
  return { kind: 'tensor', scores: named, label: label ?? null };
}

/** The one float output that holds one number for each row, or null for a model that has others. */
export function regressorOf({ task, inputs, outputs }: ServedVersion): TensorSpec | null {
  const [only, ...others] = outputs;
  if (pictureTask({ task }) || inputs.length === 0 || only === undefined || others.length > 0) return null;
  return isFloatType(only.type) && isColumn(only.shape) ? only : null;
}

/** [N] or [N,1]. */
function isColumn(shape: TensorSpec['shape']): boolean {
  const [, width, ...rest] = shape;
  return shape.length > 0 && rest.length === 0 && (width === undefined || width === 1);
}

const pictureInput = {
  name: pictureSignature,
  method: 'predict',
  inputs: [imageInput],
} as const;
const classification: Signature = {
  name: 'classification',
  method: 'classify',
  inputs: [{ name: 'inputs', type: 'string', shape: [-1] }],
  outputs: [
    { name: 'classes', type: 'string', shape: [-1, -1] },
    { name: 'scores', type: 'float32', shape: [-1, -1] },
  ],
};
const regression: Signature = {
  name: 'regression',
  method: 'regress',
  inputs: [{ name: 'inputs', type: 'string', shape: [-1] }],
  outputs: [{ name: 'outputs', type: 'float32', shape: [-1] }],
};
