import { failed, ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import { elementBytes } from '../../../../contract/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../../contract/tensor.ts';
import { accessOf, valueOf } from './cells.ts';
import type { Fixed } from './cells.ts';
import { areColumns, badCell, columnTensors } from './columns.ts';
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
  const matrix = more.length === 0 ? matrixOf(only) : null;
  const wide = inputs.find((input) => !areColumns([input]));
  if (wide && !matrix)
    return failed('request-malformed', {
      what: 'The model',
      reason: `its input ${wide.name} is not one column, nor the only matrix; send it as JSON`,
    });
  const table = readTable(bytes);
  if (!table.ok) return table;
  const rows = table.value.rows.length;
  if (rows > maxRows) return malformed('The table', `it has ${rows} rows; at most ${maxRows} are taken`);
  const tensors = matrix ? matrixTensor(table.value, matrix) : columnTensors(table.value, inputs);
  return tensors.ok ? ok({ tensors: tensors.value, rows }) : tensors;
}

type Matrix = TensorSpec & { readonly type: Fixed };

function matrixOf({ shape, type, ...input }: TensorSpec): Matrix | null {
  return shape.length === 2 && shape[1] !== 1 && type !== 'string' ? { ...input, shape, type } : null;
}

/** The columns in their order, whatever they are called. A table may be very wide, so nothing is made for each column. */
function matrixTensor(
  { header, rows }: Table,
  { name, type, shape }: Matrix,
): Outcome<readonly TensorBytes[]> {
  const [, wanted] = shape;
  if (typeof wanted === 'number' && wanted >= 0 && wanted !== header.length)
    return malformed('The table', `it has ${header.length} columns, input ${name} takes ${wanted}`);
  // Names that are the columns' numbers are pandas' own; other numbers are a first row whose names were left out.
  const isNumbered = header.every((column, at) => Number(column) === at);
  if (!isNumbered && header.every((column) => column !== '' && Number.isFinite(Number(column))))
    return malformed('The table', 'its first row holds numbers; a row of names belongs above them');
  const width = elementBytes[type];
  const data = new Uint8Array(rows.length * header.length * width);
  const view = new DataView(data.buffer);
  const { put } = accessOf[type];
  let at = 0;
  for (const [row, cells] of rows.entries())
    for (const [column, text] of cells.entries()) {
      const value = valueOf(type, text);
      if (value === null) return badCell({ row: row + 1, column: header[column]!, text }, type);
      put(view, at, value);
      at += width;
    }
  return ok([{ name, type, dims: [rows.length, header.length], data }]);
}
