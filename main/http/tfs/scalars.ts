import type { ElementType } from '../../../contract/tensor.ts';
import { echo, kindWord } from './echo.ts';
import { fromHalfBits, halfBits } from './half.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import type { Json } from './tree.ts';
import { stringAt } from './tree.ts';

/** Where the numbers of one tensor go; `put` refuses what the element type cannot hold, in TensorFlow Serving's words. */
export type NumberSink = {
  readonly bytes: Uint8Array;
  readonly put: (value: Json, at: number) => Read<void>;
};

/** A sink for `size` elements of a type, reading values out of `body`. Strings have one of their own. */
export function numberSink(body: Buffer, type: Exclude<ElementType, 'string'>, size: number): NumberSink {
  if (type === 'bool') return boolSink(body, size);
  if (type === 'int64' || type === 'uint64') return longSink(body, type, size);
  if (type === 'float16' || type === 'float32' || type === 'float64') return floatSink(body, type, size);
  const { make, low, high } = small[type];
  const data = make(size);
  return sinkOf(data, (value, at) => {
    if (value.kind !== 'number' || !value.isWhole) return typeError(body, value, type);
    const number = numberAt(body, value);
    if (number < low || number > high) return typeError(body, value, type);
    data[at] = number;
    return done;
  });
}

/** The bytes of a string value or of `{"b64": …}`. */
export function stringBytes(body: Buffer, value: Json): Read<Buffer> {
  if (value.kind === 'string') {
    return read(
      value.isEscaped ? Buffer.from(stringAt(body, value)) : body.subarray(value.start + 1, value.end - 1),
    );
  }
  if (value.kind !== 'object') return typeError(body, value, 'string');
  const text = base64Of(body, value);
  if (text === null) {
    return refused(`JSON Value: ${echo(body, value)} not formatted correctly for base64 data`);
  }
  const bytes = fromBase64(text);
  return bytes === null ? refused('Unable to base64 decode') : read(bytes);
}

/** `{"b64": "…"}` and nothing besides. */
export function isBase64(value: Json): boolean {
  if (value.kind !== 'object' || value.members.length !== 1) return false;
  const [name, inner] = value.members[0]!;
  return name === 'b64' && inner.kind === 'string';
}

export function typeError(body: Buffer, value: Json, type: ElementType): Read<never> {
  const named = `JSON Value: ${echo(body, value)} Type: ${kindWord(value)}`;
  return refused(`${named} is not of expected type: ${typeWord(type)}`);
}

/** TensorFlow's short name of an element type. */
export function typeWord(type: ElementType): string {
  return typeWords[type] ?? type;
}

export function numberAt(body: Buffer, { start, end }: Json): number {
  const text = body.toString('latin1', start, end);
  return text === '-NaN' ? NaN : Number(text);
}

const done = read<void>(undefined);
const sinkOf = (data: { readonly buffer: ArrayBufferLike }, put: NumberSink['put']): NumberSink => ({
  bytes: new Uint8Array(data.buffer),
  put,
});

function boolSink(body: Buffer, size: number): NumberSink {
  const data = new Uint8Array(size);
  return sinkOf(data, (value, at) => {
    if (value.kind !== 'true' && value.kind !== 'false') return typeError(body, value, 'bool');
    data[at] = value.kind === 'true' ? 1 : 0;
    return done;
  });
}

function longSink(body: Buffer, type: 'int64' | 'uint64', size: number): NumberSink {
  const data = type === 'int64' ? new BigInt64Array(size) : new BigUint64Array(size);
  const [low, high] = type === 'int64' ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
  return sinkOf(data, (value, at) => {
    // Twenty characters hold every 64-bit number; a longer one would cost time for nothing.
    if (value.kind !== 'number' || !value.isWhole || value.end - value.start > 20) {
      return typeError(body, value, type);
    }
    const text = body.toString('latin1', value.start, value.end);
    const number = BigInt(text);
    if (number < low || number > high) return typeError(body, value, type);
    data[at] = number;
    return done;
  });
}

function floatSink(body: Buffer, type: keyof typeof floats, size: number): NumberSink {
  const { make, rounded, store, word } = floats[type];
  const data = make(size);
  return sinkOf(data, (value, at) => {
    if (value.kind !== 'number') return typeError(body, value, type);
    const number = numberAt(body, value);
    const isLossy =
      Number.isFinite(number) &&
      (!Number.isFinite(rounded(number)) || (value.isWhole && !isExact(body, value, rounded(number))));
    if (isLossy) {
      return refused(`Cannot convert JSON value: ${echo(body, value)} to ${word} without loss of precision.`);
    }
    data[at] = store(number);
    return done;
  });
}

/** Whether a whole number as written is the one that is kept. */
function isExact(body: Buffer, value: Json, kept: number): boolean {
  if (value.end - value.start < 16) return numberAt(body, value) === kept;
  return BigInt(body.toString('latin1', value.start, value.end)) === BigInt(kept);
}

function base64Of(body: Buffer, value: Json & { kind: 'object' }): string | null {
  const inner = isBase64(value) ? value.members[0]?.[1] : undefined;
  if (inner?.kind !== 'string') return null;
  return inner.isEscaped ? stringAt(body, inner) : body.toString('latin1', inner.start + 1, inner.end - 1);
}

/** Null for what is not base64; Node's own decoder skips what it does not know. Padding may be left out. */
function fromBase64(text: string): Buffer | null {
  const decoded = decode64(text);
  return decoded ?? (/\s/u.test(text) ? decode64(text.replace(/\s+/gu, '')) : null);
}

function decode64(text: string): Buffer | null {
  const bare = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (bare % 4 === 1 || (bare < text.length && text.length % 4 !== 0)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((bare * 3) / 4) ? bytes : null;
}

const small = {
  int8: { make: (size: number) => new Int8Array(size), low: -128, high: 127 },
  uint8: { make: (size: number) => new Uint8Array(size), low: 0, high: 255 },
  int16: { make: (size: number) => new Int16Array(size), low: -32768, high: 32767 },
  uint16: { make: (size: number) => new Uint16Array(size), low: 0, high: 65535 },
  int32: { make: (size: number) => new Int32Array(size), low: -(2 ** 31), high: 2 ** 31 - 1 },
  uint32: { make: (size: number) => new Uint32Array(size), low: 0, high: 2 ** 32 - 1 },
} as const;

const same = (value: number): number => value;
const floats = {
  float16: {
    make: (size: number) => new Uint16Array(size),
    rounded: (value: number) => fromHalfBits(halfBits(value)),
    store: halfBits,
    word: 'half',
  },
  float32: {
    make: (size: number) => new Float32Array(size),
    rounded: Math.fround,
    store: same,
    word: 'float',
  },
  float64: {
    make: (size: number) => new Float64Array(size),
    rounded: same,
    store: same,
    word: 'double',
  },
} as const;

/** TensorFlow's short names, where they are not ONNX's. */
const typeWords: Readonly<Partial<Record<ElementType, string>>> = {
  float16: 'half',
  float32: 'float',
  float64: 'double',
};
