import { numericCodecs, viewOf } from '../../../contract/tensors/tensor-codec.ts';
import type { NumericType } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes } from '../../../contract/tensors/tensor.ts';
import { joinStrings, stringsOf } from '../../lib/length-prefixed.ts';
import type { InferTensorContents, Int64 } from './messages.ts';

type Field = keyof InferTensorContents;

/** The bytes of elements that came in the field of their datatype: little-endian, BYTES behind their lengths. Null when they came in another one. */
export function bytesOfContents(type: ElementType, contents: InferTensorContents): Uint8Array | null {
  const field = fields[type];
  if (filledFields(contents).some((filled) => filled !== field)) return null;
  if (field === null) return new Uint8Array(0);
  const elements = contents[field] ?? [];
  if (type === 'string') return joinStrings(elements as readonly Uint8Array[]);
  const width = elementBytes[type];
  const bytes = new Uint8Array(elements.length * width);
  const view = viewOf(bytes);
  const { write } = accessOf(type);
  for (let index = 0; index < elements.length; index += 1) write(view, index * width, elements[index]);
  return bytes;
}

/** The first element that its datatype cannot hold, as text; null when all fit. */
export function outOfRange(type: ElementType, contents: InferTensorContents): string | null {
  const field = fields[type];
  if (!isNarrow(type) || field === null) return null;
  const range = numericCodecs[type].range?.map(Number) ?? [];
  const bad = (contents[field] as readonly number[]).find((value) => value < range[0]! || value > range[1]!);
  return bad === undefined ? null : String(bad);
}

/** An answer's elements in the field of their datatype; null for FP16 and BF16, which have no field. */
export function contentsOf({ type, data }: TensorBytes): InferTensorContents | null {
  const field = fields[type];
  if (field === null) return null;
  if (type === 'string') return { bytes_contents: stringsOf(data) };
  const width = elementBytes[type];
  const view = viewOf(data);
  const { read } = accessOf(type);
  return {
    [field]: Array.from({ length: data.byteLength / width }, (_, index) => read(view, index * width)),
  };
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
const isNarrow = (type: ElementType): type is 'int8' | 'int16' | 'uint8' | 'uint16' =>
  type === 'int8' || type === 'int16' || type === 'uint8' || type === 'uint16';

type Access = {
  readonly write: (view: DataView, at: number, value: unknown) => void;
  readonly read: (view: DataView, at: number) => number | boolean | Int64;
};

/** As protobufjs has them: bool as true and false, 64 bits as two halves. */
function accessOf(type: NumericType): Access {
  if (type === 'int64' || type === 'uint64') return halves(type === 'uint64');
  const { read, write } = numericCodecs[type];
  return {
    write: (view, at, value) => write(view, at, Number(value)),
    read: (view, at) => (type === 'bool' ? read(view, at) !== 0 : Number(read(view, at))),
  };
}

const halves = (unsigned: boolean): Access => ({
  write: (view, at, value) => {
    const { low, high } = value as Int64;
    view.setInt32(at, low, true);
    view.setInt32(at + 4, high, true);
  },
  read: (view, at) => ({ low: view.getInt32(at, true), high: view.getInt32(at + 4, true), unsigned }),
});
