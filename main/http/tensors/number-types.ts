import { bfloatBits } from '../../../contract/bfloats.ts';
import { halfBits } from '../../../contract/half-floats.ts';
import { numericCodecs } from '../../../contract/tensor-codec.ts';
import type { NumericType } from '../../../contract/tensor-codec.ts';

/** Whole numbers that a type holds, as doubles where those are exact. */
export const ranges: Readonly<Partial<Record<NumericType, readonly [number, number]>>> = Object.fromEntries(
  (['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'] as const).map((type) => [
    type,
    numericCodecs[type].range?.map(Number),
  ]),
);
/** Types that no array of JavaScript holds as numbers: how a number becomes their bits, and which of these is infinity. */
export const bitTypes: Readonly<
  Partial<Record<NumericType, { readonly bitsOf: (value: number) => number; readonly infinity: number }>>
> = {
  float16: { bitsOf: halfBits, infinity: 0x7c00 },
  bfloat16: { bitsOf: bfloatBits, infinity: 0x7f80 },
};
export const decimalTypes: ReadonlySet<NumericType> = new Set(['float16', 'bfloat16', 'float32', 'float64']);
export const notFinite: ReadonlyMap<string, number> = new Map(
  [NaN, Infinity, -Infinity].flatMap((value) => [
    [String(value), value],
    [`"${value}"`, value],
  ]),
);
