import { numericCodecs } from '../../../contract/tensor-codec.ts';
import type { NumericType } from '../../../contract/tensor-codec.ts';
import { echo } from './echo.ts';
import type { FlatNumbers } from './flat-numbers.ts';
import { bfloatBits, fromBfloatBits } from '../../../contract/bfloats.ts';
import { fromHalfBits, halfBits } from '../../../contract/half-floats.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { numberAt, typeError } from './scalars.ts';
import type { Json } from './tree.ts';

/** Where the numbers of one tensor go; `put` refuses what the element type cannot hold, in TensorFlow Serving's words. */
export type NumberSink = {
  readonly bytes: Uint8Array;
  readonly put: (value: Json, at: number) => Read<void>;
  /** Puts a whole list; false, and nothing that counts is put, when one of its numbers needs a closer look. */
  readonly putAll: (list: FlatNumbers, at: number) => boolean;
};

/** A sink for `size` elements of a type, reading values out of `body`. Strings are no numbers and have none. */
export function numberSink(body: Buffer, type: NumericType, size: number): NumberSink {
  switch (type) {
    case 'bool':
      return boolSink(body, size);
    case 'int64':
    case 'uint64':
      return longSink(body, type, size);
    case 'float16':
    case 'bfloat16':
    case 'float32':
    case 'float64':
      return floatSink(body, type, size);
    default:
      return smallSink(body, type, size);
  }
}

const done = read<void>(undefined);

function boolSink(body: Buffer, size: number): NumberSink {
  const data = new Uint8Array(size);
  return {
    bytes: data,
    put: (value, at) => {
      if (value.kind !== 'true' && value.kind !== 'false') return typeError(body, value, 'bool');
      data[at] = value.kind === 'true' ? 1 : 0;
      return done;
    },
    putAll: () => false,
  };
}

function smallSink(body: Buffer, type: NumericType, size: number): NumberSink {
  const { array, range } = numericCodecs[type];
  const [low, high] = (range ?? []).map(Number) as [number, number];
  const data = new array(size) as Uint8Array;
  return {
    bytes: new Uint8Array(data.buffer),
    put: (value, at) => {
      if (value.kind !== 'number' || !value.isWhole) return typeError(body, value, type);
      const number = numberAt(body, value);
      if (number < low || number > high) return typeError(body, value, type);
      data[at] = number;
      return done;
    },
    putAll: ({ values, areWhole }, at) => {
      if (!areWhole || values.some((value) => value < low || value > high)) return false;
      data.set(values, at);
      return true;
    },
  };
}

function longSink(body: Buffer, type: 'int64' | 'uint64', size: number): NumberSink {
  const data = type === 'int64' ? new BigInt64Array(size) : new BigUint64Array(size);
  const [low, high] = numericCodecs[type].range!;
  return {
    bytes: new Uint8Array(data.buffer),
    put: (value, at) => {
      // Twenty characters hold every 64-bit number; a longer one would cost time for nothing.
      if (value.kind !== 'number' || !value.isWhole || value.end - value.start > 20) {
        return typeError(body, value, type);
      }
      const number = BigInt(body.toString('latin1', value.start, value.end));
      if (number < low || number > high) return typeError(body, value, type);
      data[at] = number;
      return done;
    },
    putAll: ({ values, areWhole }, at) => {
      if (!areWhole || (type === 'uint64' && values.some((value) => value < 0))) return false;
      for (let next = 0; next < values.length; next += 1) data[at + next] = BigInt(values[next]!);
      return true;
    },
  };
}

function floatSink(body: Buffer, type: keyof typeof floats, size: number): NumberSink {
  const { exactTo, rounded, store, word } = floats[type];
  const data = new numericCodecs[type].array(size) as Float64Array;
  return {
    bytes: new Uint8Array(data.buffer),
    put: (value, at) => {
      if (value.kind !== 'number') return typeError(body, value, type);
      const number = numberAt(body, value);
      const isLossy =
        Number.isFinite(number) &&
        (!Number.isFinite(rounded(number)) || (value.isWhole && !isExact(body, value, rounded(number))));
      if (isLossy) {
        return refused(
          `Cannot convert JSON value: ${echo(body, value)} to ${word} without loss of precision.`,
        );
      }
      data[at] = store(number);
      return done;
    },
    putAll: ({ values, hasWhole }, at) => {
      for (let next = 0; next < values.length; next += 1) {
        const value = values[next]!;
        if (Math.abs(value) > exactTo && (hasWhole || !Number.isFinite(rounded(value)))) return false;
        data[at + next] = store(value);
      }
      return true;
    },
  };
}

/** Whether a whole number as written is the one that is kept. */
function isExact(body: Buffer, value: Json, kept: number): boolean {
  if (value.end - value.start < 16) return numberAt(body, value) === kept;
  return BigInt(body.toString('latin1', value.start, value.end)) === BigInt(kept);
}

const same = (value: number): number => value;
/** `exactTo`: up to here every whole number is held exactly. */
const floats = {
  float16: {
    exactTo: 2 ** 11,
    rounded: (value: number) => fromHalfBits(halfBits(value)),
    store: halfBits,
    word: 'half',
  },
  bfloat16: {
    exactTo: 2 ** 8,
    rounded: (value: number) => fromBfloatBits(bfloatBits(value)),
    store: bfloatBits,
    word: 'bfloat16',
  },
  float32: {
    exactTo: 2 ** 24,
    rounded: Math.fround,
    store: same,
    word: 'float',
  },
  float64: {
    exactTo: 2 ** 53,
    rounded: same,
    store: same,
    word: 'double',
  },
} as const;
