import { isFloatType, numericCodecs, viewOf } from '../../../../contract/tensors/tensor-codec.ts';
import type { NumericType } from '../../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../../contract/tensors/tensor.ts';
import type { ElementType } from '../../../../contract/tensors/tensor.ts';
import { valueOf } from './cells.ts';
import { textOf } from './reader.ts';
import type { Cell } from './reader.ts';

/** Small: a table may have very many columns. */
const firstBytes = 64;

/** The values of one tensor as they are read: bytes that grow with them. */
export type Column = {
  /** False, and nothing is put, for a cell that holds no value of the type. */
  put(cell: Cell): boolean;
  /** Only what was put. */
  data(): Uint8Array;
};

export const openColumn = (type: ElementType): Column => (type === 'string' ? texts() : numbers(type));

function numbers(type: NumericType): Column {
  const width = elementBytes[type];
  const { write } = numericCodecs[type];
  const isDecimal = isFloatType(type);
  let data = new Uint8Array(firstBytes);
  let view = viewOf(data);
  let end = 0;
  return {
    put: (cell) => {
      const value = plainNumber(cell, { type, isDecimal }) ?? valueOf(type, textOf(cell));
      if (value === null) return false;
      if (end + width > data.length) {
        data = grown(data, end + width);
        view = viewOf(data);
      }
      write(view, end, value);
      end += width;
      return true;
    },
    data: () => data.slice(0, end),
  };
}

/** Each text in UTF-8 behind its length. */
function texts(): Column {
  let data = new Uint8Array(firstBytes);
  let end = 0;
  return {
    put: ({ source, from, to }) => {
      const size = to - from;
      if (end + 4 + size > data.length) data = grown(data, end + 4 + size);
      new DataView(data.buffer).setUint32(end, size, true);
      source.copy(data, end + 4, from, to);
      end += 4 + size;
      return true;
    },
    data: () => data.slice(0, end),
  };
}

function grown(data: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(data.length * 2, least));
  more.set(data);
  return more;
}

const powers = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
const mostDigits = 15;
/** What every whole number of at most this many digits fits into. */
const safeDigits: Readonly<Partial<Record<NumericType, number>>> = {
  int8: 2,
  uint8: 2,
  int16: 4,
  uint16: 4,
  int32: 9,
  uint32: 9,
  int64: mostDigits,
  uint64: mostDigits,
};

/**
 * A number of few digits without an exponent, by arithmetic that is exact: digits and power of ten both are doubles, and one
 * division rounds once. Null for all else, which is read the long way.
 */
function plainNumber(
  { source, from, to }: Cell,
  { type, isDecimal }: { readonly type: NumericType; readonly isDecimal: boolean },
): number | null {
  const most = isDecimal ? mostDigits : (safeDigits[type] ?? 0);
  const isNegative = source[from] === 0x2d;
  if (isNegative && type.startsWith('u')) return null;
  let at = isNegative ? from + 1 : from;
  // A point takes one more byte.
  if (at === to || to - at > most + 1) return null;
  let digits = 0;
  let point = -1;
  let value = 0;
  for (; at < to; at += 1) {
    const byte = source[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      digits += 1;
    } else if (byte === 0x2e && point < 0 && isDecimal) point = digits;
    else return null;
  }
  if (digits === 0 || digits > most) return null;
  const size = point < 0 ? value : value / powers[digits - point]!;
  return isNegative ? -size : size;
}
