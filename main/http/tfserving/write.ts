import { shortestSingle } from '../../lib/short-numbers.ts';
import { isFloatType, numericCodecs, viewOf } from '../../../contract/tensors/tensor-codec.ts';
import type { FloatType } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import { endOfString } from '../../lib/length-prefixed.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

/**
 * The answer to predict, as JSON text: `predictions` is one value or object for each row, `outputs` one for each
 * tensor; with a single output its name is dropped. Strings of a tensor whose name ends in `_bytes` go out as base64.
 */
export function predictBody(format: 'row' | 'columnar', tensors: readonly TensorBytes[]): Read<string> {
  return format === 'row' ? rowBody(tensors) : columnarBody(tensors);
}

/** A float as TensorFlow Serving writes it: shortest that reads back, `.0` behind whole ones for readers that tell the two apart, NaN and Infinity bare. */
export function decimal(value: number, type: FloatType): string {
  // Whole numbers that neither are long nor have an exponent.
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return Object.is(value, -0) ? '-0.0' : `${value}.0`;
  if (!Number.isFinite(value)) return String(value);
  const text = String(type === 'float64' ? value : shortestSingle(value));
  return /[.e]/u.test(text) ? text : `${text}.0`;
}

function rowBody(tensors: readonly TensorBytes[]): Read<string> {
  const rows = tensors[0]?.dims[0] ?? 0;
  for (const { name, dims } of tensors) {
    if (dims[0] !== rows)
      return refused(
        `Output ${name} has shape [${dims.join(', ')}], and others have ${rows} rows; ask by 'inputs'`,
      );
  }
  const writers = tensors.map((tensor) => new TensorWriter(tensor));
  const items: string[] = [];
  for (let row = 0; row < rows; row += 1) items.push(named(tensors, writers, 1));
  return read(`{"predictions":[${items.join(',')}]}`);
}

function columnarBody(tensors: readonly TensorBytes[]): Read<string> {
  const writers = tensors.map((tensor) => new TensorWriter(tensor));
  return read(`{"outputs":${named(tensors, writers, 0)}}`);
}

function named(tensors: readonly TensorBytes[], writers: readonly TensorWriter[], dimension: 0 | 1): string {
  if (tensors.length === 1) return writers[0]!.next(dimension);
  const members = tensors.map(({ name }, at) => `${JSON.stringify(name)}:${writers[at]!.next(dimension)}`);
  return `{${members.join(',')}}`;
}

/** Writes the values of one tensor, one after the other. */
class TensorWriter {
  readonly #dims: readonly number[];
  readonly #scalar: () => string;

  constructor(tensor: TensorBytes) {
    this.#dims = tensor.dims;
    this.#scalar = scalars(tensor);
  }

  /** What lies below this dimension, from where the last call ended. */
  next(dimension: number): string {
    if (dimension === this.#dims.length) return this.#scalar();
    const parts: string[] = [];
    const size = this.#dims[dimension]!;
    for (let at = 0; at < size; at += 1) parts.push(this.next(dimension + 1));
    return `[${parts.join(',')}]`;
  }
}

function scalars({ name, type, data }: TensorBytes): () => string {
  if (type === 'string') return strings(data, name.endsWith('_bytes'));
  const view = viewOf(data);
  const { read: readAt } = numericCodecs[type];
  const width = elementBytes[type];
  let at = 0;
  const next = (): number | bigint => readAt(view, (at += width) - width);
  if (type === 'bool') return () => (next() === 0 ? 'false' : 'true');
  return isFloatType(type) ? () => decimal(Number(next()), type) : () => String(next());
}

function strings(data: Uint8Array, asBytes: boolean): () => string {
  const bytes = asBuffer(data);
  let end = 0;
  return () => {
    const start = end + 4;
    end = endOfString(bytes, end) ?? bytes.byteLength;
    return asBytes
      ? `{"b64":"${bytes.toString('base64', start, end)}"}`
      : JSON.stringify(bytes.toString('utf8', start, end));
  };
}
