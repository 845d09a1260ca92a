import { ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import { elementBytes } from '../../../../contract/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../../contract/tensor.ts';
import { accessOf, valueOf } from './cells.ts';
import type { Fixed } from './cells.ts';
import { malformed } from './table.ts';
import type { Table } from './table.ts';

/** Whether a model's inputs are columns: each [N] or [N, 1]. */
export function areColumns(inputs: readonly TensorSpec[]): boolean {
  return inputs.every(({ shape }) => shape.length === 1 || (shape.length === 2 && shape[1] === 1));
}

/** One tensor for each column, in the order of the model's inputs. Faults name the row and the column. */
export function columnTensors(
  { header, rows }: Table,
  inputs: readonly TensorSpec[],
): Outcome<readonly TensorBytes[]> {
  const names = inputs.map(({ name }) => name);
  const known = new Set(names);
  const stray = header.find((name) => !known.has(name));
  if (stray !== undefined)
    return malformed(
      `Column ${stray.slice(0, 200)}`,
      `the model has no such input; it takes ${names.join(', ')}`,
    );
  const places = new Map(header.map((name, at) => [name, at]));
  const tensors: TensorBytes[] = [];
  for (const input of inputs) {
    const at = places.get(input.name);
    if (at === undefined) return malformed(`Column ${input.name}`, 'it is missing');
    const column = columnOf(input, rows, at);
    if (!column.ok) return column;
    const dims = input.shape.length === 2 ? [rows.length, 1] : [rows.length];
    tensors.push({ name: input.name, type: input.type, dims, data: column.value });
  }
  return ok(tensors);
}

function columnOf(
  { name, type }: TensorSpec,
  rows: readonly (readonly string[])[],
  column: number,
): Outcome<Uint8Array> {
  if (type === 'string') return ok(stringsOf(rows.map((row) => row[column]!)));
  const width = elementBytes[type];
  const data = new Uint8Array(rows.length * width);
  const view = new DataView(data.buffer);
  const { put } = accessOf[type];
  for (const [at, row] of rows.entries()) {
    const text = row[column]!;
    const value = valueOf(type, text);
    if (value === null) return badCell({ row: at + 1, column: name, text }, type);
    put(view, at * width, value);
  }
  return ok(data);
}

type Cell = { readonly row: number; readonly column: string; readonly text: string };

/** A cell that holds no value of its column's type; the first row below the names is 1. */
export function badCell({ row, column, text }: Cell, type: Fixed): Outcome<never> {
  return malformed(
    `Row ${row}, column ${column.slice(0, 200)}`,
    text === '' ? 'it is empty' : `"${text.slice(0, 60)}" is no ${type}${commaHint(text)}`,
  );
}

const commaHint = (text: string): string =>
  /^[+-]?\d+,\d+$/u.test(text) ? '; write it with a decimal point' : '';

function stringsOf(texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.byteLength);
      return [length, bytes];
    }),
  );
}
