import { bfloatBits, fromBfloatBits } from '../../../contract/tensors/bfloats.ts';
import { fromHalfBits, halfBits } from '../../../contract/tensors/half-floats.ts';
import { numericCodecs } from '../../../contract/tensors/tensor-codec.ts';
import type { NumericType } from '../../../contract/tensors/tensor-codec.ts';

/** Whole numbers that a type holds, as doubles: exact up to 32 bits, and above that the nearest ones. */
export const ranges: Readonly<Record<NumericType, readonly [number, number] | null>> = Object.fromEntries(
  Object.entries(numericCodecs).map(([type, { range }]) => [
    type,
    range && ([Number(range[0]), Number(range[1])] as const),
  ]),
) as Record<NumericType, readonly [number, number] | null>;

type BitType = {
  readonly bitsOf: (value: number) => number;
  readonly valueOf: (bits: number) => number;
  /** The bits of infinity. */
  readonly infinity: number;
};
/** Types whose numbers no array of JavaScript holds: how a number becomes bits and comes back. */
export const bitTypes: Readonly<Partial<Record<NumericType, BitType>>> = {
  float16: { bitsOf: halfBits, valueOf: fromHalfBits, infinity: 0x7c00 },
  bfloat16: { bitsOf: bfloatBits, valueOf: fromBfloatBits, infinity: 0x7f80 },
};

/** What stands for numbers that are not finite: bare, as Python and RapidJSON write them. */
export const bareTokens: ReadonlyMap<string, number> = new Map([
  ...[NaN, Infinity, -Infinity].map((value) => [String(value), value] as const),
  ['-NaN', NaN],
]);
/** Bare, or in quotes as protobuf's JSON has them. */
export const bareOrQuotedTokens: ReadonlyMap<string, number> = new Map(
  [NaN, Infinity, -Infinity].flatMap((value) => [
    [String(value), value],
    [`"${value}"`, value],
  ]),
);
