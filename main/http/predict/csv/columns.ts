import { ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { ElementType, TensorBytes, TensorSpec } from '../../../../contract/tensors/tensor.ts';
import { openColumn } from './column.ts';
import type { Column } from './column.ts';
import { malformed } from './reader.ts';

/** Where the cells of a row go, by the place of their column. */
export type Columns = {
  at(column: number): { readonly type: ElementType; readonly values: Column };
  tensors(rows: number): readonly TensorBytes[];
};

/** Whether a model's inputs are columns: each [N] or [N, 1]. */
export function areColumns(inputs: readonly TensorSpec[]): boolean {
  return inputs.every(({ shape }) => shape.length === 1 || (shape.length === 2 && shape[1] === 1));
}

/** One tensor for each column, in the order of the model's inputs. Faults name the column. */
export function columnsOf(header: readonly string[], inputs: readonly TensorSpec[]): Outcome<Columns> {
  const opened = new Map(inputs.map(({ name, type }) => [name, { type, values: openColumn(type) }]));
  const stray = header.find((name) => !opened.has(name));
  if (stray !== undefined)
    return malformed(
      `Column ${stray.slice(0, 200)}`,
      `the model has no such input; it takes ${inputs.map(({ name }) => name).join(', ')}`,
    );
  const named = new Set(header);
  const missing = inputs.find(({ name }) => !named.has(name));
  if (missing) return malformed(`Column ${missing.name}`, 'it is missing');
  const placed = header.map((name) => opened.get(name)!);
  return ok({
    at: (column) => placed[column]!,
    tensors: (rows) =>
      inputs.map(({ name, type, shape }) => {
        const dims = shape.length === 2 ? [rows, 1] : [rows];
        return { name, type, dims, data: opened.get(name)!.values.data() };
      }),
  });
}
