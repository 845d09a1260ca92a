import { datatypeOf, elementTypeOf } from '../../../contract/tensors/datatypes.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { bytesPerElement, fitsRows, plainDim, takenNames } from '../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { HttpLimits } from '../server/index.ts';
import { isText, mostTexts } from '../tensors/index.ts';
import { bytesOfContents, outOfRange } from './contents.ts';
import { exactNumber } from './messages.ts';
import type { InferInputTensor, ModelInferRequest } from './messages.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';
import { asBuffer } from '../../lib/as-buffer.ts';

/**
 * The tensors of a request, one for each of `specs` and in their order; raw contents are views into the message.
 * Checked before anything is allocated: how many, names, datatypes, shapes, elements, sizes.
 * Faults: `request-malformed`, `input-invalid`.
 */
export function readInputs(
  message: ModelInferRequest,
  specs: readonly TensorSpec[],
  rules: Rules,
): Outcome<readonly TensorBytes[]> {
  const { inputs, raw_input_contents: raw } = message;
  if (inputs.length > rules.maxTensors) return malformed('inputs', `more than ${rules.maxTensors} tensors`);
  if (raw.length > 0 && raw.length !== inputs.length)
    return malformed('raw_input_contents', `${raw.length} for ${inputs.length} inputs`);
  const names = specs.map(({ name }) => name);
  const stray = inputs.find(({ name }) => !names.includes(name));
  if (stray) return invalid(stray.name, `the model takes ${takenNames(specs)}`);
  const tensors: TensorBytes[] = [];
  for (const spec of specs) {
    const at = inputs.findIndex(({ name }) => name === spec.name);
    const input = inputs[at];
    if (!input) return invalid(spec.name, 'it is missing');
    if (inputs.findLastIndex(({ name }) => name === spec.name) !== at)
      return invalid(spec.name, 'it is there twice');
    const tensor = readTensor({ input, spec, raw: raw[at] ?? null }, rules);
    if (!tensor.ok) return tensor;
    tensors.push(tensor.value);
  }
  return ok(tensors);
}

type Rules = Pick<HttpLimits, 'maxTensors' | 'maxElements'> & {
  /** BYTES are files, and need not be text. */
  readonly areFiles: boolean;
};
type Given = {
  readonly input: InferInputTensor;
  readonly spec: TensorSpec;
  readonly raw: Uint8Array | null;
};

function readTensor({ input, spec, raw }: Given, { maxElements, areFiles }: Rules): Outcome<TensorBytes> {
  const { name, datatype, contents } = input;
  const type = elementTypeOf(datatype);
  if (type !== spec.type)
    return invalid(name, `it is ${datatypeOf(spec.type)}, and ${datatype || 'no datatype'} came`);
  if (Object.hasOwn(input.parameters, 'shared_memory_region'))
    return invalid(name, 'shared memory is not offered here');
  const dims = dimsOf(input.shape.map(exactNumber));
  if (dims === null || !fitsRows(dims, spec.shape)) return invalid(name, misfit(input, spec));
  const count = elementCount(dims);
  const most = type === 'string' ? Math.min(mostTexts, maxElements) : maxElements;
  if (count > most) return invalid(name, `${count} elements are more than ${most}`);
  if (raw !== null && contents !== null) return malformed(name, 'it has contents and raw_input_contents');
  const bad = raw === null && contents ? outOfRange(type, contents) : null;
  if (bad !== null) return invalid(name, `${bad} does not fit into ${datatype}`);
  const data = raw ?? bytesOfContents(type, contents ?? {});
  if (data === null) return invalid(name, `its contents are in a field that is not the one of ${datatype}`);
  const wrong = type === 'string' ? stringsFault(data, count, areFiles) : sizeFault(type, data, count);
  return wrong === null ? ok({ name, type, dims, data }) : invalid(name, wrong);
}

function dimsOf(numbers: readonly (number | null)[]): readonly number[] | null {
  const dims = numbers.filter((dim) => dim !== null && dim >= 0);
  return dims.length === numbers.length ? (dims as readonly number[]) : null;
}

function misfit({ shape }: InferInputTensor, spec: TensorSpec): string {
  const came = shape.map((dim) => exactNumber(dim) ?? 'too much').join(', ');
  const taken = spec.shape.map(plainDim).join(', ');
  return `its shape is [${taken}], and [${came}] came`;
}

function sizeFault(type: ElementType, { byteLength }: Uint8Array, count: number): string | null {
  const wanted = count * (bytesPerElement(type) ?? 0);
  return byteLength === wanted ? null : `${wanted} bytes are ${count} elements, and ${byteLength} came`;
}

/** For tensors of strings the runtime knows text alone: other bytes would come back changed. */
function stringsFault(data: Uint8Array, count: number, areFiles: boolean): string | null {
  const bytes = asBuffer(data);
  let found = 0;
  for (let at = 0; at < bytes.byteLength; found += 1) {
    if (found === count) return `${count} elements were named, and more came`;
    if (at + 4 > bytes.byteLength) return 'its last length is cut off';
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.byteLength) return 'its last element ends beyond its bytes';
    if (!areFiles && !isText(bytes.subarray(at + 4, end)))
      return `element ${found} is not UTF-8 text without NUL`;
    at = end;
  }
  return found === count ? null : `${count} elements were named, and ${found} came`;
}

const malformed = (what: string, reason: string): Outcome<never> =>
  failed('request-malformed', { what, reason });
const invalid = (name: string, reason: string): Outcome<never> =>
  failed('input-invalid', { name, reason: clientReason(reason) });
