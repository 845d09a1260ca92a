import { elementBytes } from '../../contract/tensor.ts';
import type { ElementType, TensorBytes } from '../../contract/tensor.ts';
import { bfloatBits, fromBfloatBits } from '../lib/bfloat-numbers.ts';
import { fromHalfBits, halfBits } from '../lib/half-numbers.ts';
import { shortestSingle } from '../lib/short-numbers.ts';

export type Encoded =
  { readonly ok: true; readonly data: Uint8Array } | { readonly ok: false; readonly reason: string };
type Fixed = Exclude<ElementType, 'string'>;
type Value = number | bigint;

/** Little-endian bytes of the elements as contract/tensor.ts describes them. */
export function encodeElements(type: ElementType, elements: readonly unknown[]): Encoded {
  if (type === 'string') return encodeStrings(elements);
  const width = elementBytes[type];
  const data = new Uint8Array(elements.length * width);
  const view = new DataView(data.buffer);
  for (const [at, element] of elements.entries()) {
    const value = valueOf(type, element);
    if (value === null)
      return { ok: false, reason: `element ${at} (${JSON.stringify(element)}) is not ${article(type)}` };
    put(view, at * width, { type, value });
  }
  return { ok: true, data };
}

export function decodeElements({ type, data }: TensorBytes): readonly (number | string | boolean)[] {
  if (type === 'string') return decodeStrings(data);
  const width = elementBytes[type];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.byteLength / width }, (_, at) =>
    jsonOf(type, get(view, at * width, type)),
  );
}

const whole: Partial<Record<Fixed, readonly [bigint, bigint]>> = {
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32_768n, 32_767n],
  uint16: [0n, 65_535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

function valueOf(type: Fixed, element: unknown): Value | null {
  if (type === 'bool')
    return element === true || element === 1 ? 1 : element === false || element === 0 ? 0 : null;
  const range = whole[type];
  if (!range) return floatOf(element);
  const value = integerOf(element);
  if (value === null || value < range[0] || value > range[1]) return null;
  return type === 'int64' || type === 'uint64' ? value : Number(value);
}

function integerOf(element: unknown): bigint | null {
  if (typeof element === 'number') return Number.isSafeInteger(element) ? BigInt(element) : null;
  return typeof element === 'string' && /^-?\d+$/u.test(element) ? BigInt(element) : null;
}

function floatOf(element: unknown): number | null {
  if (typeof element === 'number') return element;
  if (element === 'NaN') return Number.NaN;
  if (element === 'Infinity' || element === '-Infinity') return Number(element);
  return typeof element === 'string' && /^-?\d+$/u.test(element) ? Number(element) : null;
}

function jsonOf(type: Fixed, value: Value): number | string | boolean {
  if (type === 'bool') return value !== 0;
  if (typeof value === 'bigint')
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : String(value);
  if (!Number.isFinite(value)) return String(value);
  // The shortest decimal that gives the same float32 back reads better than its float64 expansion.
  return type === 'float32' || type === 'bfloat16' ? shortestSingle(value) : value;
}

function put(view: DataView, at: number, { type, value }: { type: Fixed; value: Value }): void {
  if (typeof value === 'bigint')
    return type === 'int64' ? view.setBigInt64(at, value, true) : view.setBigUint64(at, value, true);
  switch (type) {
    case 'float32':
      return view.setFloat32(at, value, true);
    case 'float64':
      return view.setFloat64(at, value, true);
    case 'float16':
      return view.setUint16(at, halfBits(value), true);
    case 'bfloat16':
      return view.setUint16(at, bfloatBits(value), true);
    case 'int8':
      return view.setInt8(at, value);
    case 'int16':
      return view.setInt16(at, value, true);
    case 'uint16':
      return view.setUint16(at, value, true);
    case 'int32':
      return view.setInt32(at, value, true);
    case 'uint32':
      return view.setUint32(at, value, true);
    default:
      return view.setUint8(at, value);
  }
}

function get(view: DataView, at: number, type: Fixed): Value {
  switch (type) {
    case 'float32':
      return view.getFloat32(at, true);
    case 'float64':
      return view.getFloat64(at, true);
    case 'float16':
      return fromHalfBits(view.getUint16(at, true));
    case 'bfloat16':
      return fromBfloatBits(view.getUint16(at, true));
    case 'int8':
      return view.getInt8(at);
    case 'int16':
      return view.getInt16(at, true);
    case 'uint16':
      return view.getUint16(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'uint32':
      return view.getUint32(at, true);
    case 'int64':
      return view.getBigInt64(at, true);
    case 'uint64':
      return view.getBigUint64(at, true);
    default:
      return view.getUint8(at);
  }
}

function encodeStrings(elements: readonly unknown[]): Encoded {
  const parts: Buffer[] = [];
  for (const [at, element] of elements.entries()) {
    if (typeof element !== 'string')
      return { ok: false, reason: `element ${at} (${JSON.stringify(element)}) is not a string` };
    const text = Buffer.from(element);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.byteLength);
    parts.push(length, text);
  }
  return { ok: true, data: Buffer.concat(parts) };
}

function decodeStrings(data: Uint8Array): readonly string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const strings: string[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    strings.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return strings;
}

const article = (type: Fixed): string =>
  /^[aeiou]/u.test(type) && !type.startsWith('ui') ? `an ${type}` : `a ${type}`;
