import type { ElementType } from '../../../../contract/tensor.ts';
import { bfloatBits, fromBfloatBits } from '../../../lib/bfloat-numbers.ts';
import { fromHalfBits, halfBits } from '../../../lib/half-numbers.ts';

export type Fixed = Exclude<ElementType, 'string'>;
type Value = number | bigint;

/** Null for a text that is no value of this type; a missing number may be written as `NaN`. */
export function valueOf(type: Fixed, text: string): Value | null {
  if (type === 'bool') return truth.get(text.toLowerCase()) ?? null;
  const range = ranges[type];
  if (range === undefined) {
    if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu.test(text)) return Number(text);
    return special.get(text.toLowerCase()) ?? null;
  }
  if (!/^[+-]?\d{1,20}(?:\.0*)?$/u.test(text)) return null;
  // A double holds these exactly.
  if (text.length <= 15) {
    const number = Number(text);
    return number >= range[0] && number <= range[1] ? number : null;
  }
  const whole = BigInt(text.replace(/^\+|\.0*$/gu, ''));
  return whole >= range[0] && whole <= range[1] ? whole : null;
}

const truth = new Map([
  ['true', 1],
  ['1', 1],
  ['false', 0],
  ['0', 0],
]);
const special = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
]);
const signed = (bits: bigint): readonly [bigint, bigint] => [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
const unsigned = (bits: bigint): readonly [bigint, bigint] => [0n, 2n ** bits - 1n];
const ranges: Partial<Record<Fixed, readonly [bigint, bigint]>> = {
  int8: signed(8n),
  uint8: unsigned(8n),
  int16: signed(16n),
  uint16: unsigned(16n),
  int32: signed(32n),
  uint32: unsigned(32n),
  int64: signed(64n),
  uint64: unsigned(64n),
};

type Access = {
  readonly put: (view: DataView, at: number, value: Value) => void;
  readonly get: (view: DataView, at: number) => Value;
};

/** Little-endian, `at` in bytes. */
export const accessOf: Readonly<Record<Fixed, Access>> = {
  bool: { put: (v, at, x) => v.setUint8(at, Number(x)), get: (v, at) => v.getUint8(at) },
  int8: { put: (v, at, x) => v.setInt8(at, Number(x)), get: (v, at) => v.getInt8(at) },
  uint8: { put: (v, at, x) => v.setUint8(at, Number(x)), get: (v, at) => v.getUint8(at) },
  int16: { put: (v, at, x) => v.setInt16(at, Number(x), true), get: (v, at) => v.getInt16(at, true) },
  uint16: { put: (v, at, x) => v.setUint16(at, Number(x), true), get: (v, at) => v.getUint16(at, true) },
  int32: { put: (v, at, x) => v.setInt32(at, Number(x), true), get: (v, at) => v.getInt32(at, true) },
  uint32: { put: (v, at, x) => v.setUint32(at, Number(x), true), get: (v, at) => v.getUint32(at, true) },
  int64: { put: (v, at, x) => v.setBigInt64(at, BigInt(x), true), get: (v, at) => v.getBigInt64(at, true) },
  uint64: {
    put: (v, at, x) => v.setBigUint64(at, BigInt(x), true),
    get: (v, at) => v.getBigUint64(at, true),
  },
  float16: {
    put: (v, at, x) => v.setUint16(at, halfBits(Number(x)), true),
    get: (v, at) => fromHalfBits(v.getUint16(at, true)),
  },
  bfloat16: {
    put: (v, at, x) => v.setUint16(at, bfloatBits(Number(x)), true),
    get: (v, at) => fromBfloatBits(v.getUint16(at, true)),
  },
  float32: {
    put: (v, at, x) => v.setFloat32(at, Number(x), true),
    get: (v, at) => v.getFloat32(at, true),
  },
  float64: {
    put: (v, at, x) => v.setFloat64(at, Number(x), true),
    get: (v, at) => v.getFloat64(at, true),
  },
};
