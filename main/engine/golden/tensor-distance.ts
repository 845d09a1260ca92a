import { numericCodecs, viewOf } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { ElementType } from '../../../contract/tensors/tensor.ts';

/** Largest absolute difference of two tensors of one type and shape; infinite where they cannot be compared. */
export function tensorDistance(type: ElementType, one: Uint8Array, other: Uint8Array): number {
  if (one.byteLength !== other.byteLength) return Infinity;
  if (type === 'string') return Buffer.compare(one, other) === 0 ? 0 : Infinity;
  const { read } = numericCodecs[type];
  const [left, right] = [viewOf(one), viewOf(other)];
  let largest = 0;
  for (let at = 0; at < one.byteLength; at += elementBytes[type])
    largest = Math.max(largest, difference(read(left, at), read(right, at)));
  return largest;
}

/** Largest absolute value that is a number and not infinite; 0 for texts. */
export function largestMagnitude(type: ElementType, data: Uint8Array): number {
  if (type === 'string') return 0;
  const { read } = numericCodecs[type];
  const view = viewOf(data);
  let largest = 0;
  for (let at = 0; at < data.byteLength; at += elementBytes[type]) {
    const magnitude = Math.abs(Number(read(view, at)));
    if (Number.isFinite(magnitude) && magnitude > largest) largest = magnitude;
  }
  return largest;
}

function difference(one: number | bigint, other: number | bigint): number {
  if (Object.is(one, other) || one === other) return 0;
  const distance = typeof one === 'bigint' ? Number(one - BigInt(other)) : one - Number(other);
  return Number.isNaN(distance) ? Infinity : Math.abs(distance);
}
