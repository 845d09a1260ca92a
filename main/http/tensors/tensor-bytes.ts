import type { TensorValues } from '../../../contract/tasks/index.ts';
import { numericCodecs, viewOf } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { joinTexts } from '../../lib/length-prefixed.ts';

/** Plain values of a task's results as the bytes that protocols carry. */
export function tensorBytes({ name, type, dims, values }: TensorValues): TensorBytes {
  if (type === 'string') return { name, type, dims, data: joinTexts(values.map(String)) };
  const width = elementBytes[type];
  const data = new Uint8Array(values.length * width);
  const view = viewOf(data);
  values.forEach((value, at) =>
    numericCodecs[type].write(view, at * width, type === 'int64' ? BigInt(value) : Number(value)),
  );
  return { name, type, dims, data };
}
