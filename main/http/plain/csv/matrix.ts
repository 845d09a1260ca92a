import { failed, ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import type { TensorBytes, TensorSpec } from '../../../../contract/tensor.ts';
import { areColumns, columnTensors } from './columns.ts';
import { malformed, readTable } from './table.ts';
import type { Table } from './table.ts';

export type TableTensors = { readonly tensors: readonly TensorBytes[]; readonly rows: number };

/** A table for a model: its columns are the inputs, or together the one matrix [N, columns] that the model takes. */
export function tableTensors(
  bytes: Uint8Array,
  inputs: readonly TensorSpec[],
  maxRows = Number.POSITIVE_INFINITY,
): Outcome<TableTensors> {
  const [only, ...more] = inputs;
  if (!only)
    return failed('request-malformed', {
      what: 'The model',
      reason: 'it takes no inputs, so there is nothing for a table to hold; ask it as JSON',
    });
  const isMatrix =
    only.shape.length === 2 && only.shape[1] !== 1 && only.type !== 'string' && more.length === 0;
  const wide = inputs.find((input) => !areColumns([input]));
  if (wide && !isMatrix)
    return failed('request-malformed', {
      what: 'The model',
      reason: `its input ${wide.name} is not one column, nor the only matrix; send it as JSON`,
    });
  const table = readTable(bytes);
  if (!table.ok) return table;
  const rows = table.value.rows.length;
  if (rows > maxRows) return malformed('The table', `it has ${rows} rows; at most ${maxRows} are taken`);
  const tensors = isMatrix ? matrixTensor(table.value, only) : columnTensors(table.value, inputs);
  return tensors.ok ? ok({ tensors: tensors.value, rows }) : tensors;
}

/** The columns in their order, whatever they are called. */
function matrixTensor({ header, rows }: Table, input: TensorSpec): Outcome<readonly TensorBytes[]> {
  const [, wanted] = input.shape;
  if (typeof wanted === 'number' && wanted >= 0 && wanted !== header.length)
    return malformed('The table', `it has ${header.length} columns, input ${input.name} takes ${wanted}`);
  // Names that are the columns' numbers are pandas' own; other numbers are a first row whose names were left out.
  const isNumbered = header.every((name, at) => Number(name) === at);
  if (!isNumbered && header.every((name) => name !== '' && Number.isFinite(Number(name))))
    return malformed('The table', 'its first row holds numbers; a row of names belongs above them');
  const columns = header.map((name): TensorSpec => ({ ...input, name, shape: [-1] }));
  const parts = columnTensors({ header, rows }, columns);
  return parts.ok ? ok([transposed(parts.value, input, rows.length)]) : parts;
}

/** Columns side by side become rows below each other. */
function transposed(columns: readonly TensorBytes[], { name, type }: TensorSpec, rows: number): TensorBytes {
  const width = (columns[0]?.data.byteLength ?? 0) / Math.max(1, rows);
  const data = new Uint8Array(rows * columns.length * width);
  for (const [at, column] of columns.entries())
    for (let row = 0; row < rows; row += 1)
      data.set(column.data.subarray(row * width, (row + 1) * width), (row * columns.length + at) * width);
  return { name, type, dims: [rows, columns.length], data };
}
