import { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { narrowed, widened } from '../../contract/tensors/bfloats.ts';
import { detail, reason, type Reason } from '../../contract/faults/reasons.ts';
import { arrayOf, elementCount } from '../../contract/tensors/tensor-codec.ts';
import type { NumericArray } from '../../contract/tensors/tensor-codec.ts';
import { elementBytes, type ElementType, type TensorBytes } from '../../contract/tensors/tensor.ts';
import { messageOf } from '../lib/error-text.ts';
import { joinTexts, textsOf } from '../lib/length-prefixed.ts';

/** Bytes to a tensor of the runtime; aligned bytes are used as they lie, without a copy. bfloat16 goes as float32 (bfloat-border.ts). */
export function toRuntime(tensor: TensorBytes): Outcome<Tensor> {
  const { name, type, dims, data } = tensor;
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0))
    return failed('input-invalid', {
      name,
      reason: reason('dims-not-whole', { dims: dims.join(' × ') }),
    });
  const length = elementCount(dims);
  try {
    if (type === 'string') {
      const strings = textsOf(data);
      if (strings.length !== length)
        return sizeFault(tensor, reason('count-strings', { count: strings.length }));
      return ok(new Tensor('string', [...strings], [...dims]));
    }
    if (data.byteLength !== length * elementBytes[type])
      return sizeFault(tensor, reason('count-bytes', { count: data.byteLength }));
    const values = arrayOf(type, data);
    if (type === 'bfloat16') return ok(new Tensor('float32', widened(values as Uint16Array), [...dims]));
    return ok(new Tensor(type as 'float32', values as Float32Array, [...dims]));
  } catch (error) {
    if (type === 'string' && error instanceof RangeError)
      return failed('input-invalid', { name, reason: reason('last-string-beyond') });
    return failed('input-invalid', {
      name,
      reason: detail(messageOf(error)),
    });
  }
}

/** A tensor of the runtime as bytes of the graph's type, row-major and little-endian. */
export function fromRuntime(
  { name, type }: { readonly name: string; readonly type: ElementType },
  { data, dims }: Tensor,
): TensorBytes {
  if (type === 'bfloat16')
    return { name, type, dims, data: new Uint8Array(narrowed(data as Float32Array).buffer) };
  if (type === 'string') return { name, type, dims, data: joinTexts(data as string[]) };
  const view = data as NumericArray;
  return { name, type, dims, data: new Uint8Array(view.buffer, view.byteOffset, view.byteLength) };
}

function sizeFault({ name, type, dims }: TensorBytes, found: Reason): Outcome<never> {
  return failed('input-invalid', {
    name,
    reason: reason('size-named-otherwise', {
      dims: dims.length > 0 ? dims.join(' × ') : reason('a-scalar'),
      type,
      found,
    }),
  });
}
