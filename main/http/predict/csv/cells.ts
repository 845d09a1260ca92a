import { numericCodecs } from '../../../../contract/tensors/tensor-codec.ts';
import type { NumericType } from '../../../../contract/tensors/tensor-codec.ts';

type Value = number | bigint;

/** Null for a text that is no value of this type; a missing number may be written as `NaN`. */
export function valueOf(type: NumericType, text: string): Value | null {
  if (type === 'bool') return truth.get(text.toLowerCase()) ?? null;
  const { range } = numericCodecs[type];
  if (range === null) {
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
