import type { ElementType, TensorBytes } from '../../../contract/tensor.ts';
import type { InferTensorContents, Int64 } from './messages.ts';

type Field = keyof InferTensorContents;
type Numeric = Exclude<ElementType, 'string'>;

/** The bytes of elements that came in the field of their datatype: little-endian, BYTES behind their lengths. Null when they came in another one. */
export function bytesOfContents(type: ElementType, contents: InferTensorContents): Uint8Array | null {
  const field = fields[type];
  if (filledFields(contents).some((filled) => filled !== field)) return null;
  if (field === null) return new Uint8Array(0);
  const elements = contents[field] ?? [];
  if (type === 'string') return withLengths(elements as readonly Uint8Array[]);
  const write = writers[type];
  const bytes = Buffer.allocUnsafe(elements.length * write.size);
  for (let index = 0; index < elements.length; index += 1)
    write.put(bytes, elements[index], index * write.size);
  return bytes;
}

/** The first element that its datatype cannot hold, as text; null when all fit. */
export function outOfRange(type: ElementType, contents: InferTensorContents): string | null {
  const range = ranges[type];
  const field = fields[type];
  if (!range || field === null) return null;
  const bad = (contents[field] as readonly number[]).find((value) => value < range[0] || value > range[1]);
  return bad === undefined ? null : String(bad);
}

/** An answer's elements in the field of their datatype; null for FP16 and BF16, which have no field. */
export function contentsOf({ type, data }: TensorBytes): InferTensorContents | null {
  const field = fields[type];
  if (field === null) return null;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (type === 'string') return { bytes_contents: elementsOf(bytes) };
  const { size, get } = writers[type];
  return { [field]: Array.from({ length: bytes.byteLength / size }, (_, index) => get(bytes, index * size)) };
}

/** Elements of a BYTES tensor as views: each stands behind its length, a little-endian uint32. */
function elementsOf(bytes: Buffer): Uint8Array[] {
  const elements: Uint8Array[] = [];
  for (let at = 0; at + 4 <= bytes.byteLength;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    elements.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return elements;
}

function withLengths(elements: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    elements.flatMap((element) => {
      const head = Buffer.allocUnsafe(4);
      head.writeUInt32LE(element.byteLength);
      return [head, element];
    }),
  );
}

function filledFields(contents: InferTensorContents): readonly Field[] {
  return allFields.filter((field) => (contents[field]?.length ?? 0) > 0);
}

const fields: Readonly<Record<ElementType, Field | null>> = {
  bool: 'bool_contents',
  int8: 'int_contents',
  int16: 'int_contents',
  int32: 'int_contents',
  int64: 'int64_contents',
  uint8: 'uint_contents',
  uint16: 'uint_contents',
  uint32: 'uint_contents',
  uint64: 'uint64_contents',
  float16: null,
  bfloat16: null,
  float32: 'fp32_contents',
  float64: 'fp64_contents',
  string: 'bytes_contents',
};
const allFields = [...new Set(Object.values(fields))].filter((field) => field !== null);

/** Datatypes that are narrower than the field that carries them. */
const ranges: Readonly<Partial<Record<ElementType, readonly [number, number]>>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
};

type Writer = {
  readonly size: number;
  readonly put: (bytes: Buffer, value: unknown, at: number) => void;
  readonly get: (bytes: Buffer, at: number) => number | boolean | Int64;
};
const wide = (unsigned: boolean): Writer => ({
  size: 8,
  put: (bytes, value, at) => {
    const { low, high } = value as Int64;
    bytes.writeInt32LE(low | 0, at);
    bytes.writeInt32LE(high | 0, at + 4);
  },
  get: (bytes, at) => ({ low: bytes.readInt32LE(at), high: bytes.readInt32LE(at + 4), unsigned }),
});
const sixteenBits: Writer = {
  size: 2,
  put: (bytes, value, at) => void bytes.writeUInt16LE(value as number, at),
  get: (bytes, at) => bytes.readUInt16LE(at),
};
const writers: Readonly<Record<Numeric, Writer>> = {
  bool: {
    size: 1,
    put: (bytes, value, at) => void bytes.writeUInt8(value === true ? 1 : 0, at),
    get: (bytes, at) => bytes.readUInt8(at) !== 0,
  },
  int8: {
    size: 1,
    put: (bytes, value, at) => void bytes.writeInt8(value as number, at),
    get: (bytes, at) => bytes.readInt8(at),
  },
  uint8: {
    size: 1,
    put: (bytes, value, at) => void bytes.writeUInt8(value as number, at),
    get: (bytes, at) => bytes.readUInt8(at),
  },
  int16: {
    size: 2,
    put: (bytes, value, at) => void bytes.writeInt16LE(value as number, at),
    get: (bytes, at) => bytes.readInt16LE(at),
  },
  uint16: sixteenBits,
  int32: {
    size: 4,
    put: (bytes, value, at) => void bytes.writeInt32LE(value as number, at),
    get: (bytes, at) => bytes.readInt32LE(at),
  },
  uint32: {
    size: 4,
    put: (bytes, value, at) => void bytes.writeUInt32LE(value as number, at),
    get: (bytes, at) => bytes.readUInt32LE(at),
  },
  int64: wide(false),
  uint64: wide(true),
  float16: sixteenBits,
  bfloat16: sixteenBits,
  float32: {
    size: 4,
    put: (bytes, value, at) => void bytes.writeFloatLE(value as number, at),
    get: (bytes, at) => bytes.readFloatLE(at),
  },
  float64: {
    size: 8,
    put: (bytes, value, at) => void bytes.writeDoubleLE(value as number, at),
    get: (bytes, at) => bytes.readDoubleLE(at),
  },
};
