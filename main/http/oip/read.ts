import { datatypeOf, elementTypeOf } from '../../../contract/tensors/datatypes.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';
import { bytesPerElement, fitsRows, plainDim, takenNames } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { HttpLimits } from '../server/index.ts';
import { isText, mostTexts } from '../tensors/index.ts';
import { splitStrings } from '../../lib/length-prefixed.ts';
import type { InferMessage, WrittenInput } from './message.ts';

export type Rules = Pick<HttpLimits, 'maxElements'> & {
  /** BYTES are files, and need not be text. */
  readonly areFiles: boolean;
};

/**
 * One tensor for each of `specs`, in their order; bytes behind the JSON are views into the body. Names, datatypes, shapes,
 * elements and sizes are checked before anything is allocated. Faults: `request-malformed`, `input-invalid`.
 */
export function tensorsOf(
  { message, tail }: { readonly message: InferMessage; readonly tail: Buffer },
  specs: readonly TensorSpec[],
  { maxElements, areFiles }: Rules,
): Outcome<readonly TensorBytes[]> {
  const placed = place(message.inputs, tail);
  if (!placed.ok) return placed;
  const names = specs.map(({ name }) => name);
  const seen = new Set<string>();
  for (const { name } of message.inputs) {
    if (!names.includes(name)) return invalid(name, `the model takes ${takenNames(specs)}`);
    if (seen.has(name)) return invalid(name, 'it is there twice');
    seen.add(name);
  }
  const tensors: TensorBytes[] = [];
  for (const spec of specs) {
    const at = message.inputs.findIndex(({ name }) => name === spec.name);
    const input = message.inputs[at];
    const data = placed.value[at];
    if (!input || !data) return invalid(spec.name, 'it is missing');
    const why = misfit(input, spec, { maxElements, areFiles, data });
    if (why !== null) return invalid(spec.name, why);
    tensors.push({ name: spec.name, type: spec.type, dims: input.shape, data });
  }
  return ok(tensors);
}

/** The bytes of each input: its own, or its share of what stands behind the JSON, in the order of the inputs. */
function place(inputs: readonly WrittenInput[], tail: Buffer): Outcome<readonly Uint8Array[]> {
  let at = 0;
  const placed: Uint8Array[] = [];
  for (const { name, data, parameters } of inputs) {
    if (data) {
      placed.push(data);
      continue;
    }
    const size = parameters['binary_data_size'];
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
      return invalid(name, 'binary_data_size is a whole number of bytes');
    if (size > tail.byteLength - at)
      return invalid(name, `its ${size} bytes go beyond the body, which has ${tail.byteLength - at} left`);
    placed.push(tail.subarray(at, at + size));
    at += size;
  }
  return at === tail.byteLength
    ? ok(placed)
    : failed('request-malformed', {
        what: 'The body',
        reason: `${tail.byteLength - at} bytes behind the last tensor belong to none`,
      });
}

function misfit(
  { datatype, shape }: WrittenInput,
  spec: TensorSpec,
  { data, maxElements, areFiles }: Rules & { readonly data: Uint8Array },
): string | null {
  const type = elementTypeOf(datatype);
  if (type !== spec.type) return `it is ${datatypeOf(spec.type)}, and ${datatype || 'no datatype'} came`;
  if (!fitsRows(shape, spec.shape))
    return `its shape is [${spec.shape.map(plainDim).join(', ')}], and [${shape.join(', ')}] came`;
  const count = elementCount(shape);
  if (count > maxElements) return `${count} elements are more than ${maxElements}`;
  const each = bytesPerElement(type);
  if (each !== null)
    return data.byteLength === count * each
      ? null
      : `${count * each} bytes are ${count} elements, and ${data.byteLength} came`;
  if (count > mostTexts) return `${count} texts are more than ${mostTexts}`;
  const elements = splitStrings(data, count);
  if (elements?.length !== count) return `its bytes are not ${count} elements, each behind its length`;
  const bad = areFiles ? -1 : elements.findIndex((element) => !isText(element));
  return bad < 0 ? null : `element ${bad} is not UTF-8 text without NUL`;
}

const invalid = (name: string, reason: string): Outcome<never> =>
  failed('input-invalid', { name, reason: clientReason(reason) });
