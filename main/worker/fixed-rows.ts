import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import type { WireTensorSpec } from '../../contract/wire.ts';

/** Rows that a graph takes, no more and no fewer; null where an input leaves them open or where they differ. */
export function fixedRows(inputs: readonly Pick<WireTensorSpec, 'shape'>[]): number | null {
  const rows = inputs[0]?.shape[0];
  return typeof rows === 'number' && rows > 1 && inputs.every(({ shape }) => shape[0] === rows) ? rows : null;
}

/** Rows of a request that are fewer than the graph takes; null where nothing is to be filled up. */
export function fewerRows(tensors: readonly TensorBytes[], rows: number): number | null {
  const given = tensors[0]?.dims[0] ?? 0;
  const areAlike = tensors.every(({ dims, type }) => dims[0] === given && type !== 'string');
  return areAlike && given > 0 && given < rows ? given : null;
}

/** Pad with copies of the first row, which is valid input: zeros might cause a division by zero. */
export function padded(tensor: TensorBytes, rows: number): TensorBytes {
  const [given = 1, ...rest] = tensor.dims;
  const perRow = tensor.data.byteLength / given;
  // Bytes that are no whole rows are refused where they are read.
  if (!Number.isInteger(perRow)) return tensor;
  const data = new Uint8Array(perRow * rows);
  data.set(tensor.data);
  for (let row = given; row < rows; row += 1) data.copyWithin(row * perRow, 0, perRow);
  return { ...tensor, dims: [rows, ...rest], data };
}

/** The first `wanted` of `rows` rows; an output that has not a row for each is as it is. */
export function cut(tensor: TensorBytes, rows: number, wanted: number): TensorBytes {
  const [given, ...rest] = tensor.dims;
  if (given !== rows || tensor.type === 'string') return tensor;
  const data = tensor.data.subarray(0, (tensor.data.byteLength / rows) * wanted);
  return { ...tensor, dims: [wanted, ...rest], data };
}
