import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { rowsOf, split } from '../rows.ts';
import type { Specimen } from './specimens.ts';

/** The first rows of a request as requests of one row, views into it; null where its tensors have no rows in common. */
export function makeRowsOf(tensors: readonly TensorBytes[], most: number): readonly Specimen[] | null {
  const rows = rowsOf(tensors);
  if (rows === null) return null;
  // Only the first `most` rows are cut into pieces; the rest stays one tensor.
  const first = Math.min(rows, most);
  const each = [...Array.from({ length: first }, () => 1), rows - first];
  const cut = tensors.map((tensor) => split(tensor, each));
  return Array.from({ length: first }, (_, at) => cut.flatMap((pieces) => pieces?.[at] ?? []));
}
