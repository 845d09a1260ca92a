import { elementBytes } from '../../contract/tensor.ts';
import type { ElementType } from '../../contract/tensor.ts';
import { fromBfloatBits } from '../lib/bfloat-numbers.ts';
import { fromHalfBits } from '../lib/half-numbers.ts';

/** Largest absolute difference of two tensors of one type and shape; infinite where they cannot be compared. */
export function tensorDistance(type: ElementType, one: Uint8Array, other: Uint8Array): number {
  if (one.byteLength !== other.byteLength) return Infinity;
  if (type === 'string') return Buffer.compare(one, other) === 0 ? 0 : Infinity;
  const read = readers[type];
  const [left, right] = [viewOf(one), viewOf(other)];
  let largest = 0;
  for (let at = 0; at < one.byteLength; at += elementBytes[type])
    largest = Math.max(largest, difference(read(left, at), read(right, at)));
  return largest;
}

/** Largest absolute value that is a number and not infinite; 0 for texts. */
export function largestMagnitude(type: ElementType, data: Uint8Array): number {
  if (type === 'string') return 0;
  const view = viewOf(data);
  let largest = 0;
  for (let at = 0; at < data.byteLength; at += elementBytes[type]) {
    const magnitude = Math.abs(Number(readers[type](view, at)));
    if (Number.isFinite(magnitude) && magnitude > largest) largest = magnitude;
  }
  return largest;
}

function difference(one: number | bigint, other: number | bigint): number {
  if (Object.is(one, other) || one === other) return 0;
  const distance = typeof one === 'bigint' ? Number(one - BigInt(other)) : one - Number(other);
  return Number.isNaN(distance) ? Infinity : Math.abs(distance);
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

type Reader = (view: DataView, at: number) => number | bigint;
const readers: Readonly<Record<Exclude<ElementType, 'string'>, Reader>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => fromHalfBits(view.getUint16(at, true)),
  bfloat16: (view, at) => fromBfloatBits(view.getUint16(at, true)),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int64: (view, at) => view.getBigInt64(at, true),
  uint64: (view, at) => view.getBigUint64(at, true),
  bool: (view, at) => view.getUint8(at),
};
