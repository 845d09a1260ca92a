import type { ElementType } from '../../../contract/tensor.ts';
import { bfloatBits } from '../../lib/bfloat-numbers.ts';
import { halfBits } from '../../lib/half-numbers.ts';

export type NumberType = Exclude<ElementType, 'string'>;

/** Whole numbers that a type holds. */
export const ranges: Readonly<Partial<Record<NumberType, readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-2_147_483_648, 2_147_483_647],
  uint32: [0, 4_294_967_295],
};
export const bigRanges: Readonly<Partial<Record<NumberType, readonly [bigint, bigint]>>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};
export type Values =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;
export const arrays: Readonly<Record<NumberType, new (length: number) => Values>> = {
  float32: Float32Array,
  float64: Float64Array,
  // Their bits.
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};
export const decimalTypes: ReadonlySet<NumberType> = new Set(['float16', 'bfloat16', 'float32', 'float64']);
/** Types that no array of JavaScript holds as numbers: how a number becomes their bits, and which of these is infinity. */
export const bitTypes: Readonly<
  Partial<Record<NumberType, { readonly bitsOf: (value: number) => number; readonly infinity: number }>>
> = {
  float16: { bitsOf: halfBits, infinity: 0x7c00 },
  bfloat16: { bitsOf: bfloatBits, infinity: 0x7f80 },
};
export const notFinite: ReadonlyMap<string, number> = new Map(
  [NaN, Infinity, -Infinity].flatMap((value) => [
    [String(value), value],
    [`"${value}"`, value],
  ]),
);
