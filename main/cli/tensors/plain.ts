import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { takenNames } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { encodeElements } from './elements.ts';

/** Deeper than any model's tensor. */
const mostDims = 32;

/**
 * Tensors from plain nested arrays by the names of the inputs, `{"x": [[1, 2], [3, 4]]}`, or the array alone where the
 * model has one input. Dims are those of the arrays, the type is the model's. Null for JSON of another shape.
 */
export function plainTensors(
  json: unknown,
  inputs: readonly TensorSpec[],
): Outcome<readonly TensorBytes[]> | null {
  const [only] = inputs;
  const values = Array.isArray(json) && only && inputs.length === 1 ? { [only.name]: json } : json;
  if (typeof values !== 'object' || values === null) return null;
  const entries = Object.entries(values);
  if (entries.length === 0 || !entries.every(([, value]) => Array.isArray(value) || isScalar(value)))
    return null;
  // The list form of tensors with type and dims has a name that a model may have as well.
  if (!inputs.some(({ name }) => name === 'inputs') && isTensorList(values)) return null;
  const tensors: TensorBytes[] = [];
  for (const [name, value] of entries) {
    const spec = inputs.find((each) => each.name === name);
    if (!spec)
      return failed('input-invalid', {
        name,
        reason: clientReason(`the model has no such input; it takes ${takenNames(inputs)}`),
      });
    const tensor = tensorOf(spec, value);
    if (!tensor.ok) return tensor;
    tensors.push(tensor.value);
  }
  return ok(tensors);
}

const isScalar = (value: unknown): boolean => ['number', 'string', 'boolean'].includes(typeof value);

function isTensorList(values: object): boolean {
  const list = (values as { inputs?: unknown }).inputs;
  return Array.isArray(list) && list.every((one) => typeof one === 'object' && !Array.isArray(one));
}

function tensorOf({ name, type }: TensorSpec, value: unknown): Outcome<TensorBytes> {
  const dims: number[] = [];
  for (let at = value; Array.isArray(at); at = at[0] as unknown) {
    dims.push(at.length);
    if (dims.length > mostDims)
      return failed('input-invalid', { name, reason: clientReason('its arrays are too deep') });
  }
  const elements: unknown[] = [];
  if (!gather(value, dims, elements))
    return failed('input-invalid', {
      name,
      reason: clientReason(`its arrays are not of one length; by their first they are [${dims.join(', ')}]`),
    });
  const bytes = encodeElements(type, elements);
  return bytes.ok
    ? ok({ name, type, dims, data: bytes.data })
    : failed('input-invalid', { name, reason: clientReason(bytes.reason) });
}

/** Row by row; false where an array is longer, shorter or deeper than the first of its level. */
function gather(value: unknown, dims: readonly number[], into: unknown[]): boolean {
  const [length, ...below] = dims;
  if (length === undefined) {
    into.push(value);
    return !Array.isArray(value);
  }
  if (!Array.isArray(value) || value.length !== length) return false;
  if (below.length > 0) return value.every((one) => gather(one, below, into));
  for (const one of value) into.push(one);
  return !value.some(Array.isArray);
}
