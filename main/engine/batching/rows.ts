import { elementCount } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import { endOfString } from '../../lib/length-prefixed.ts';
import type { Blob } from '../../lib/frames.ts';

/** Tensors of several requests as one: each input's bytes in order, not joined; rows are the first dimension. */
type Merged = {
  readonly tensors: readonly Omit<TensorBytes, 'data'>[];
  readonly blobs: readonly Blob[];
  readonly rows: number;
};

/**
 * Rows (first dimension) of a request that may be merged; null when its tensors disagree, have none, or when one has
 * another size than its shape says, which would shift the rows of the others.
 */
export function rowsOf(tensors: readonly TensorBytes[]): number | null {
  const rows = tensors[0]?.dims[0];
  const fits = tensors.every((tensor) => tensor.dims[0] === rows && isWhole(tensor));
  return rows !== undefined && rows > 0 && fits ? rows : null;
}

function isWhole({ type, dims, data }: TensorBytes): boolean {
  const count = elementCount(dims);
  if (type !== 'string') return data.byteLength === count * elementBytes[type];
  // Scans without allocating: a million views would block the event loop for a second.
  return afterStrings(data, 0, count) === data.byteLength;
}

/** Only requests with the same layout may be one batch: same names, types and all dimensions but the first. */
export function rowLayoutOf(tensors: readonly TensorBytes[]): string {
  let layout = '';
  for (const { name, type, dims } of tensors) {
    layout += `${name}:${type}`;
    for (let axis = 1; axis < dims.length; axis += 1) layout += `,${dims[axis]}`;
    layout += ';';
  }
  return layout;
}

/** Whether every input and output of the graph leaves its first dimension free. */
export function isBatchable(specs: readonly TensorSpec[]): boolean {
  return specs.every(({ shape: [first] }) => typeof first === 'string' || (first !== undefined && first < 0));
}

/** `padTo` rows in all: what is missing repeats the first row of the first request, as TensorFlow Serving does. */
export function merge(requests: readonly (readonly TensorBytes[])[], padTo: number): Merged {
  const first = requests[0] ?? [];
  const rows = requests.reduce((sum, tensors) => sum + (tensors[0]?.dims[0] ?? 0), 0);
  const padding = Math.max(0, padTo - rows);
  const tensors = first.map(({ name, type, dims }) => ({
    name,
    type,
    dims: [rows + padding, ...dims.slice(1)],
  }));
  const blobs = first.map((tensor, at) => {
    const pieces = requests.map((request) => request[at]?.data ?? new Uint8Array());
    const [row] = padding > 0 ? cutRows(tensor, [1]) : [];
    for (let count = 0; row && count < padding; count += 1) pieces.push(row.data);
    return pieces.length === 1 ? pieces[0]! : pieces;
  });
  return { tensors, blobs, rows: rows + padding };
}

/** A tensor cut into pieces of so many rows each, without a copy; null unless it has exactly the rows of all of them. */
export function split(tensor: TensorBytes, rows: readonly number[]): readonly TensorBytes[] | null {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const [held] = tensor.dims;
  return held === total ? cutRows(tensor, rows) : null;
}

function cutRows({ name, type, dims, data }: TensorBytes, rows: readonly number[]): TensorBytes[] {
  const perRow = elementCount(dims.slice(1));
  let at = 0;
  return rows.map((count) => {
    const end =
      type === 'string'
        ? (afterStrings(data, at, count * perRow) ?? data.byteLength)
        : at + count * perRow * elementBytes[type];
    const piece = { name, type, dims: [count, ...dims.slice(1)], data: data.subarray(at, end) };
    at = end;
    return piece;
  });
}

/** Where so many strings end, in bytes; null where there are fewer. */
function afterStrings(bytes: Uint8Array, from: number, count: number): number | null {
  const data = asBuffer(bytes);
  let at = from;
  for (let done = 0; done < count; done += 1) {
    const end = endOfString(data, at);
    if (end === null) return null;
    at = end;
  }
  return at;
}
