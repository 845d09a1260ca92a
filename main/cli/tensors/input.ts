import { basename, extname } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason, noTextReason, reasonText } from '../../../contract/faults/reasons.ts';
import { takenNames } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { decodeText } from '../../lib/text.ts';
import { plainTensors } from './plain.ts';
import { parseExact, tensorsIn } from './json.ts';

/*
 * What `outpost predict` takes for a tensor model, by the ending of the file:
 *
 *   .npy    an array for the one input of the model
 *   .npz    arrays by the names of the inputs
 *   .csv    columns by the names of the inputs, or one matrix: a row of names, then a row for each item
 *   else    JSON: tensors with type and dims (tensor-json.ts), or plain nested arrays, {"x": [[1, 2], [3, 4]]}
 */
export async function tensorsOf(
  file: string,
  bytes: Buffer,
  inputs: readonly TensorSpec[],
): Promise<Outcome<readonly TensorBytes[]>> {
  switch (extname(file).toLowerCase()) {
    case '.npy': {
      const { readNpy } = await import('../../packs/build/index.ts');
      const array = readNpy(bytes, basename(file));
      if (!array.ok) return array;
      const only = onlyInput(inputs, basename(file));
      return only.ok ? asAsked([{ name: only.value.name, ...array.value }], inputs) : only;
    }
    case '.npz': {
      const { readNpz } = await import('../pack/npz.ts');
      const arrays = readNpz(bytes, basename(file));
      return arrays.ok ? asAsked(arrays.value, inputs) : arrays;
    }
    case '.csv': {
      const { tableTensors } = await import('../../http/index.ts');
      const read = tableTensors(bytes, inputs);
      return read.ok ? ok(read.value.tensors) : input(basename(file), read.fault.message);
    }
    default: {
      const text = decodeText(bytes);
      if (!text.ok) return input(basename(file), reasonText(noTextReason(text.why)));
      const json = parseExact(text.text);
      return json.ok ? (plainTensors(json.value, inputs) ?? tensorsIn(json.value)) : json;
    }
  }
}

const input = (name: string, reason: string): Outcome<never> =>
  failed('input-invalid', { name, reason: clientReason(reason.replace(/\.$/u, '')) });

function onlyInput(inputs: readonly TensorSpec[], file: string): Outcome<TensorSpec> {
  const [only, ...more] = inputs;
  return only && more.length === 0
    ? ok(only)
    : input(
        file,
        only
          ? `the model takes ${takenNames(inputs)}; put an array for each into one .npz`
          : 'the model takes no inputs; a JSON file that holds {} asks it',
      );
}

/** numpy makes float64 where nothing else is said: that is rounded to what the model takes, other types are not guessed. */
function asAsked(
  tensors: readonly TensorBytes[],
  inputs: readonly TensorSpec[],
): Outcome<readonly TensorBytes[]> {
  const asked: TensorBytes[] = [];
  for (const tensor of tensors) {
    const spec = inputs.find(({ name }) => name === tensor.name);
    if (!spec) return input(tensor.name, `the model has no such input; it takes ${takenNames(inputs)}`);
    if (tensor.type === spec.type) asked.push(tensor);
    else if (tensor.type === 'float64' && spec.type === 'float32') asked.push(rounded(tensor));
    else
      return input(
        tensor.name,
        `it is ${tensor.type}, the model takes ${spec.type}; save it with astype("${spec.type}")`,
      );
  }
  return ok(asked);
}

function rounded(tensor: TensorBytes): TensorBytes {
  const count = tensor.data.byteLength / 8;
  const from = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  const data = new Uint8Array(count * 4);
  const to = new DataView(data.buffer);
  for (let at = 0; at < count; at += 1) to.setFloat32(at * 4, from.getFloat64(at * 8, true), true);
  return { ...tensor, type: 'float32', data };
}
