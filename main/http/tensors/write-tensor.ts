import { arrayOf, doublesOf } from '../../../contract/tensors/tensor-codec.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import { endOfString } from '../../lib/length-prefixed.ts';

type TensorText =
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
      return { ok: true, text: `[${arrayOf(type, data).join(',')}]` };
  }
}

function decimals({ type, data }: TensorBytes): string {
  const values =
    type === 'float32'
      ? (arrayOf(type, data) as Float32Array)
      : Float64Array.from(doublesOf({ type, data })!);
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
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  const bytes = asBuffer(data);
  for (let at = 0, end: number; at < bytes.byteLength; at = end) {
    end = endOfString(bytes, at) ?? bytes.byteLength;
    try {
      parts.push(JSON.stringify(decoder.decode(bytes.subarray(at + 4, end))));
    } catch {
      return { ok: false, reason: `element ${parts.length} is not UTF-8` };
    }
  }
  return { ok: true, text: `[${parts.join(',')}]` };
}
