import { shortestSingle } from '../../lib/short-numbers.ts';
import { numericCodecs, numbersOf, viewOf } from '../../../contract/tensors/tensor-codec.ts';
import type { NumericType } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes } from '../../../contract/tensors/tensor.ts';
import { joinTexts, textsOf } from '../../lib/length-prefixed.ts';

type Encoded =
  { readonly ok: true; readonly data: Uint8Array } | { readonly ok: false; readonly reason: string };
type Value = number | bigint;

/** Little-endian bytes of the elements as contract/tensors/tensor.ts describes them. */
export function encodeElements(type: ElementType, elements: readonly unknown[]): Encoded {
  if (type === 'string') return encodeStrings(elements);
  const width = elementBytes[type];
  const data = new Uint8Array(elements.length * width);
  const view = viewOf(data);
  const { write } = numericCodecs[type];
  for (const [at, element] of elements.entries()) {
    const value = valueOf(type, element);
    if (value === null)
      return { ok: false, reason: `element ${at} (${JSON.stringify(element)}) is not ${article(type)}` };
    write(view, at * width, value);
  }
  return { ok: true, data };
}

export function decodeElements({ type, data }: TensorBytes): readonly (number | string | boolean)[] {
  if (type === 'string') return textsOf(data);
  return numbersOf({ type, data }).map((value) => jsonOf(type, value));
}

function valueOf(type: NumericType, element: unknown): Value | null {
  if (type === 'bool')
    return element === true || element === 1 ? 1 : element === false || element === 0 ? 0 : null;
  const { range } = numericCodecs[type];
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

function jsonOf(type: NumericType, value: Value): number | string | boolean {
  if (type === 'bool') return value !== 0;
  if (typeof value === 'bigint')
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : String(value);
  if (!Number.isFinite(value)) return String(value);
  // The shortest decimal that gives the same float32 back reads better than its float64 expansion.
  return type === 'float32' || type === 'bfloat16' ? shortestSingle(value) : value;
}

function encodeStrings(elements: readonly unknown[]): Encoded {
  const at = elements.findIndex((element) => typeof element !== 'string');
  if (at >= 0)
    return { ok: false, reason: `element ${at} (${JSON.stringify(elements[at])}) is not a string` };
  return { ok: true, data: joinTexts(elements as readonly string[]) };
}

const article = (type: NumericType): string =>
  /^[aeiou]/u.test(type) && !type.startsWith('ui') ? `an ${type}` : `a ${type}`;
