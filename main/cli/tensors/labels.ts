import type { Labels } from '../../../contract/packs/labels.ts';
import type { LabelScore } from '../../../contract/packs/labels.ts';
import { doublesOf, isFloatType } from '../../../contract/tensors/tensor-codec.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';

/**
 * Of each row of scores the label with the highest, as the graph gives them. The scores are the output of floats whose rows
 * have a value for each label; of several, the one that is called scores or probabilities. Null where that is in doubt, or
 * without labels. NaN is never the highest.
 */
export function rowLabels(outputs: readonly TensorBytes[], labels: Labels): readonly LabelScore[] | null {
  const fitting = outputs.filter(
    ({ type, dims }) =>
      isFloatType(type) && dims.length === 2 && labels.length > 0 && dims[1] === labels.length,
  );
  const named = fitting.filter(({ name }) => /prob|score/iu.test(name));
  const [scores, ...others] = fitting.length > 1 ? named : fitting;
  if (!scores || others.length > 0) return null;
  const values = doublesOf(scores) ?? [];
  const rows: LabelScore[] = [];
  for (let row = 0; row < (scores.dims[0] ?? 0); row += 1) {
    const line = values.slice(row * labels.length, (row + 1) * labels.length);
    const index = line.reduce(
      (best, score, at) => (score > (line[best] ?? NaN) || Number.isNaN(line[best]) ? at : best),
      0,
    );
    const { id, name } = labels[index]!;
    rows.push({ index, id, label: name, score: line[index] ?? NaN });
  }
  return rows.every(({ score }) => Number.isFinite(score)) ? rows : null;
}
