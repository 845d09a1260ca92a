import { bfloatBits, fromBfloatBits } from './bfloats.ts';
import { fromHalfBits, halfBits } from './half-floats.ts';
import { elementBytes } from './tensor.ts';
import type { ElementType, TensorBytes } from './tensor.ts';

export type NumericType = Exclude<ElementType, 'string'>;
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;
type NumericArrayConstructor = {
  new (length: number): NumericArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NumericArray;
};

type NumericCodec = {
  /** Typed array for the raw elements; float16 and bfloat16 as their bits. */
  readonly array: NumericArrayConstructor;
  /** Smallest and largest integer; null for floating-point types. */
  readonly range: readonly [bigint, bigint] | null;
  /** Little-endian, `at` in bytes; a bigint for types of 64 bits. */
  readonly read: (view: DataView, at: number) => number | bigint;
  /** Little-endian, `at` in bytes. The value must be in the type's range; floats are rounded to the nearest. */
  readonly write: (view: DataView, at: number, value: number | bigint) => void;
};

const signed = (bits: bigint): readonly [bigint, bigint] => [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
const unsigned = (bits: bigint): readonly [bigint, bigint] => [0n, 2n ** bits - 1n];

/** Reading and writing of the elements of each numeric type. */
export const numericCodecs: Readonly<Record<NumericType, NumericCodec>> = {
  bool: {
    array: Uint8Array,
    range: [0n, 1n],
    read: (view, at) => view.getUint8(at),
    write: (view, at, value) => view.setUint8(at, Number(value)),
  },
  int8: {
    array: Int8Array,
    range: signed(8n),
    read: (view, at) => view.getInt8(at),
    write: (view, at, value) => view.setInt8(at, Number(value)),
  },
  uint8: {
    array: Uint8Array,
    range: unsigned(8n),
    read: (view, at) => view.getUint8(at),
    write: (view, at, value) => view.setUint8(at, Number(value)),
  },
  int16: {
    array: Int16Array,
    range: signed(16n),
    read: (view, at) => view.getInt16(at, true),
    write: (view, at, value) => view.setInt16(at, Number(value), true),
  },
  uint16: {
    array: Uint16Array,
    range: unsigned(16n),
    read: (view, at) => view.getUint16(at, true),
    write: (view, at, value) => view.setUint16(at, Number(value), true),
  },
  int32: {
    array: Int32Array,
    range: signed(32n),
    read: (view, at) => view.getInt32(at, true),
    write: (view, at, value) => view.setInt32(at, Number(value), true),
  },
  uint32: {
    array: Uint32Array,
    range: unsigned(32n),
    read: (view, at) => view.getUint32(at, true),
    write: (view, at, value) => view.setUint32(at, Number(value), true),
  },
  int64: {
    array: BigInt64Array,
    range: signed(64n),
    read: (view, at) => view.getBigInt64(at, true),
    write: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  uint64: {
    array: BigUint64Array,
    range: unsigned(64n),
    read: (view, at) => view.getBigUint64(at, true),
    write: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  },
  float16: {
    array: Uint16Array,
    range: null,
    read: (view, at) => fromHalfBits(view.getUint16(at, true)),
    write: (view, at, value) => view.setUint16(at, halfBits(Number(value)), true),
  },
  bfloat16: {
    array: Uint16Array,
    range: null,
    read: (view, at) => fromBfloatBits(view.getUint16(at, true)),
    write: (view, at, value) => view.setUint16(at, bfloatBits(Number(value)), true),
  },
  float32: {
    array: Float32Array,
    range: null,
    read: (view, at) => view.getFloat32(at, true),
    write: (view, at, value) => view.setFloat32(at, Number(value), true),
  },
  float64: {
    array: Float64Array,
    range: null,
    read: (view, at) => view.getFloat64(at, true),
    write: (view, at, value) => view.setFloat64(at, Number(value), true),
  },
};

export type FloatType = 'float16' | 'bfloat16' | 'float32' | 'float64';
export const isFloatType = (type: ElementType): type is FloatType =>
  type !== 'string' && numericCodecs[type].range === null;

/** Number of elements of a tensor with these dimensions; 1 for a scalar. */
export const elementCount = (dims: readonly number[]): number =>
  dims.reduce((product, dim) => product * dim, 1);

export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** The elements as a typed array: a view of the same memory if it is aligned, else a copy. */
export function arrayOf(type: NumericType, data: Uint8Array): NumericArray {
  const width = elementBytes[type];
  const { buffer, byteOffset, byteLength } = data.byteOffset % width === 0 ? data : new Uint8Array(data);
  return new numericCodecs[type].array(buffer, byteOffset, Math.floor(byteLength / width));
}

/** Every element in order: 64-bit types as bigint, all others as number. */
export function numbersOf({
  type,
  data,
}: {
  readonly type: NumericType;
  readonly data: Uint8Array;
}): readonly (number | bigint)[] {
  const { read } = numericCodecs[type];
  const width = elementBytes[type];
  const view = viewOf(data);
  return Array.from({ length: Math.floor(data.byteLength / width) }, (_, at) => read(view, at * width));
}

/** Every element of a tensor of numbers as a double; null for strings. */
export function doublesOf({ type, data }: Pick<TensorBytes, 'type' | 'data'>): readonly number[] | null {
  return type === 'string' ? null : numbersOf({ type, data }).map(Number);
}
