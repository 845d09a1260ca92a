import { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults.ts';
import { detail, reason, type Reason } from '../../contract/reasons.ts';
import { elementBytes, type ElementType, type TensorBytes } from '../../contract/tensor.ts';
import { narrowed, widened } from '../lib/bfloat-numbers.ts';

type Numeric = Exclude<ElementType, 'string'>;
type NumericArray =
  | Float32Array
  | Float64Array
  | Uint16Array
  | Int16Array
  | Int8Array
  | Uint8Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;
const arrayOf: Readonly<
  Record<Numeric, new (buffer: ArrayBufferLike, offset: number, length: number) => NumericArray>
> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

const count = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

/** Bytes to a tensor of the runtime; aligned bytes are used as they lie, without a copy. bfloat16 goes as float32 (bfloat-border.ts). */
export function toRuntime(tensor: TensorBytes): Outcome<Tensor> {
  const { name, type, dims, data } = tensor;
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0))
    return failed('input-invalid', {
      name,
      reason: reason('dims-not-whole', { dims: dims.join(' × ') }),
    });
  const length = count(dims);
  try {
    if (type === 'string') {
      const strings = decodeStrings(data);
      if (strings.length !== length)
        return sizeFault(tensor, reason('count-strings', { count: strings.length }));
      return ok(new Tensor('string', strings, [...dims]));
    }
    if (data.byteLength !== length * elementBytes[type])
      return sizeFault(tensor, reason('count-bytes', { count: data.byteLength }));
    const aligned = data.byteOffset % elementBytes[type] === 0 ? data : new Uint8Array(data);
    const values = new arrayOf[type](aligned.buffer, aligned.byteOffset, length);
    if (type === 'bfloat16') return ok(new Tensor('float32', widened(values as Uint16Array), [...dims]));
    return ok(new Tensor(type as 'float32', values as Float32Array, [...dims]));
  } catch (error) {
    if (error === beyond) return failed('input-invalid', { name, reason: reason('last-string-beyond') });
    return failed('input-invalid', {
      name,
      reason: detail(error instanceof Error ? error.message : String(error)),
    });
  }
}

/** A tensor of the runtime as bytes of the graph's type, row-major and little-endian. */
export function fromRuntime(
  { name, type }: { readonly name: string; readonly type: ElementType },
  { data, dims }: Tensor,
): TensorBytes {
  if (type === 'bfloat16')
    return { name, type, dims, data: new Uint8Array(narrowed(data as Float32Array).buffer) };
  if (type === 'string') return { name, type, dims, data: encodeStrings(data as string[]) };
  const view = data as NumericArray;
  return { name, type, dims, data: new Uint8Array(view.buffer, view.byteOffset, view.byteLength) };
}

/** Each string as UTF-8 behind its length in bytes, a little-endian uint32. */
export function encodeStrings(strings: readonly string[]): Uint8Array {
  return Buffer.concat(
    strings.flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const head = Buffer.alloc(4);
      head.writeUInt32LE(bytes.byteLength);
      return [head, bytes];
    }),
  );
}

const beyond = new RangeError('its last string ends beyond its bytes');

export function decodeStrings(data: Uint8Array): string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const strings: string[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.byteLength) throw beyond;
    strings.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return strings;
}

function sizeFault({ name, type, dims }: TensorBytes, found: Reason): Outcome<never> {
  return failed('input-invalid', {
    name,
    reason: reason('size-named-otherwise', {
      dims: dims.length > 0 ? dims.join(' × ') : reason('a-scalar'),
      type,
      found,
    }),
  });
}
