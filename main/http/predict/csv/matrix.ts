import { isFixed } from '../../../../contract/tensors/tensor.ts';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { NumericType } from '../../../../contract/tensors/tensor-codec.ts';
import type { TensorBytes, TensorSpec } from '../../../../contract/tensors/tensor.ts';
import { areColumns, columnsOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { openColumn } from './column.ts';
import { malformed, openTable } from './reader.ts';
import { readRows } from './rows.ts';

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
  const table = openTable(bytes);
  if (!table.ok) return table;
  const { header } = table.value;
  const columns = matrix ? matrixColumns(header, matrix) : columnsOf(header, inputs);
  if (!columns.ok) return columns;
  const rows = readRows(table.value, columns.value, maxRows);
  return rows.ok ? ok({ tensors: columns.value.tensors(rows.value), rows: rows.value }) : rows;
}

type Matrix = TensorSpec & { readonly type: NumericType };

function matrixOf({ shape, type, ...input }: TensorSpec): Matrix | null {
  return shape.length === 2 && shape[1] !== 1 && type !== 'string' ? { ...input, shape, type } : null;
}

/** The columns in their order, whatever they are called. A table may be very wide, so nothing is made for each column. */
function matrixColumns(header: readonly string[], { name, type, shape }: Matrix): Outcome<Columns> {
  const [, wanted] = shape;
  if (wanted !== undefined && isFixed(wanted) && wanted !== header.length)
    return malformed('The table', `it has ${header.length} columns, input ${name} takes ${wanted}`);
  // Names that are the columns' numbers are pandas' own; other numbers are a first row whose names were left out.
  const isNumbered = header.every((column, at) => Number(column) === at);
  if (!isNumbered && header.every((column) => column !== '' && Number.isFinite(Number(column))))
    return malformed('The table', 'its first row holds numbers; a row of names belongs above them');
  const values = openColumn(type);
  return ok({
    at: () => ({ type, values }),
    tensors: (rows) => [{ name, type, dims: [rows, header.length], data: values.data() }],
  });
}
