import type { TrialReport, TrialRow, Verdict } from '../../contract/trial.ts';
import { cell } from './cell.ts';

/** The items that the right pane of a trial shows; null means none were asked for. */
export type ItemsLook = {
  readonly label: string;
  readonly labelId: string | null;
  readonly verdict: Verdict;
};
export const itemsLook = cell<ItemsLook | null>(null);

/** Without confirmed labels nobody can say which version is right. */
export const isJudged = (report: TrialReport): boolean =>
  report.basis === 'confirmed' || report.sums.better + report.sums.worse > 0;

/** Verdicts that are worth showing, in their order from left to right. */
export const verdictsOf = (report: TrialReport): readonly Verdict[] =>
  isJudged(report)
    ? report.sums.differ > 0
      ? ['agree', 'worse', 'better', 'differ']
      : ['agree', 'worse', 'better']
    : ['agree', 'differ'];

/** The largest count to either side of the zero line, at least 1. */
export function reach(rows: readonly TrialRow[]): number {
  const most = Math.max(1, ...rows.flatMap((row) => [row.worse, row.better, row.differ]));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 10].map((step) => step * power).find((step) => step >= most) ?? most;
}
