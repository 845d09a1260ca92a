import type { TrialReport, TrialRow, Verdict } from '../../contract/lifecycle/trial.ts';
import { trialParts } from '../../contract/lifecycle/trial-weight.ts';
import { cell } from './cell.ts';

/** The items in the right pane of a trial; null when none are selected. */
type ItemsLook = {
  readonly label: string;
  readonly labelId: string | null;
  readonly verdict: Verdict;
};
export const itemsLook = cell<ItemsLook | null>(null);

/** Photos with a confirmed label, or those without: each has its own verdicts. */
export type TrialPart = {
  readonly kind: 'confirmed' | 'others';
  readonly items: number;
  /** From left to right. */
  readonly verdicts: readonly Verdict[];
  readonly rows: readonly TrialRow[];
};
const verdictsOf = {
  confirmed: ['right', 'worse', 'better', 'wrong'],
  others: ['agree', 'differ'],
} as const;

/** The parts that have photos, confirmed ones first. */
export function partsOf({ sums, rows }: TrialReport): readonly TrialPart[] {
  const counts = trialParts(sums);
  return (['confirmed', 'others'] as const)
    .map((kind) => ({
      kind,
      items: counts[kind],
      verdicts: verdictsOf[kind],
      rows: rows.filter((row) => trialParts(row)[kind] > 0),
    }))
    .filter(({ items }) => items > 0);
}

/** The largest count on either side of the zero line, at least 1. */
export function reach(rows: readonly TrialRow[]): number {
  const most = Math.max(1, ...rows.flatMap((row) => [row.worse, row.better, row.differ]));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 10].map((step) => step * power).find((step) => step >= most) ?? most;
}
