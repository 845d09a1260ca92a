import type { TensorBytes } from '../../../contract/tensor.ts';
import { isText } from '../elements.ts';
import { fromHalfBits } from '../../lib/half-numbers.ts';
import { unpacked } from './dense.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

/** The values of a float tensor. */
export function floatsOf({ type, data }: TensorBytes): readonly number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = type === 'float64' ? 8 : type === 'float32' ? 4 : 2;
  return Array.from({ length: data.byteLength / size }, (_, at) => {
    if (type === 'float64') return view.getFloat64(at * 8, true);
    return type === 'float32' ? view.getFloat32(at * 4, true) : fromHalfBits(view.getUint16(at * 2, true));
  });
}

/** The values of a label output as texts. */
export function textsOf(tensor: TensorBytes): readonly string[] {
  if (tensor.type === 'string') return unpacked(tensor).map((one) => one.toString('utf8'));
  const { type, data } = tensor;
  // A copy begins at a multiple of its element's size, which the answer's own bytes need not.
  const bytes = Uint8Array.from(data).buffer;
  const make = wholes[type];
  return make === undefined ? [] : Array.from(make(bytes), String);
}

/** Refuses strings that would come back as others. */
export function textOnly(tensors: readonly TensorBytes[]): Read<void> {
  for (const tensor of tensors) {
    if (tensor.type !== 'string') continue;
    const at = unpacked(tensor).findIndex((one) => !isText(one));
    if (at < 0) continue;
    return refused(
      `Input ${tensor.name}: element ${at} is not UTF-8 text without NUL, which is all that this model takes`,
    );
  }
  return read(undefined);
}

const wholes: Readonly<
  Partial<Record<TensorBytes['type'], (bytes: ArrayBuffer) => Iterable<number | bigint>>>
> = {
  int8: (bytes) => new Int8Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  bool: (bytes) => new Uint8Array(bytes),
  int16: (bytes) => new Int16Array(bytes),
  uint16: (bytes) => new Uint16Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  uint32: (bytes) => new Uint32Array(bytes),
  int64: (bytes) => new BigInt64Array(bytes),
  uint64: (bytes) => new BigUint64Array(bytes),
};
