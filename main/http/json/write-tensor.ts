import type { TensorBytes } from '../../../contract/tensor.ts';
import { fromBfloatBits } from '../../lib/bfloat-numbers.ts';
import { fromHalfBits } from '../../lib/half-numbers.ts';

export type TensorText =
  | { readonly ok: true; readonly text: string }
  /** Why these values have no JSON form. */
  | { readonly ok: false; readonly reason: string };

/**
 * The elements of a tensor as one flat JSON list: decimals that read back as the same bits, 64-bit integers digit by
 * digit. JSON has no NaN and no infinities: they are the texts "NaN", "Infinity" and "-Infinity", as in protobuf's JSON, so
 * that every reader of JSON gets the answer. Bytes that are not UTF-8 have no JSON form.
 */
export function tensorText(tensor: TensorBytes): TensorText {
  const { type, data } = tensor;
  switch (type) {
    case 'float16':
    case 'bfloat16':
    case 'float32':
    case 'float64':
      return { ok: true, text: decimals(tensor) };
    case 'bool':
      return { ok: true, text: `[${Array.from(data, (value) => value !== 0).join(',')}]` };
    case 'string':
      return texts(data);
    default:
      return { ok: true, text: `[${valuesOf[type](aligned(data)).join(',')}]` };
  }
}

function decimals({ type, data }: TensorBytes): string {
  const buffer = aligned(data);
  const values =
    type === 'float16' || type === 'bfloat16'
      ? Float64Array.from(new Uint16Array(buffer), type === 'float16' ? fromHalfBits : fromBfloatBits)
      : type === 'float32'
        ? new Float32Array(buffer)
        : new Float64Array(buffer);
  // A float32 is written as the double that it is: more digits than needed, and exact in every reader.
  return `[${values.some(isSpecial) ? Array.from(values, written).join(',') : values.join(',')}]`;
}

/** What is written otherwise than by `join`: what is not finite, and -0. */
const isSpecial = (value: number): boolean => value - value !== 0 || (value === 0 && 1 / value < 0);

/** Many readers take -0 without a point for a whole number, which has no sign. */
function written(value: number): string {
  if (!isSpecial(value)) return String(value);
  return value === 0 ? '-0.0' : `"${value}"`;
}

function texts(data: Uint8Array): TensorText {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    try {
      parts.push(JSON.stringify(decoder.decode(bytes.subarray(at + 4, end))));
    } catch {
      return { ok: false, reason: `element ${parts.length} is not UTF-8` };
    }
    at = end;
  }
  return { ok: true, text: `[${parts.join(',')}]` };
}

type Values = { join(separator: string): string };
const valuesOf: Readonly<
  Record<
    'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64',
    (buffer: ArrayBuffer) => Values
  >
> = {
  int8: (buffer) => new Int8Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  uint64: (buffer) => new BigUint64Array(buffer),
};

/** A copy from where any typed array may begin; answers' bytes lie anywhere. */
const aligned = (data: Uint8Array): ArrayBuffer => new Uint8Array(data).buffer;
