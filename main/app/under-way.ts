import { progressOf } from '../../contract/runs/camera-card.ts';
import type { CardCopy } from '../../contract/runs/camera-card.ts';
import type { RunState } from '../../contract/runs/run.ts';

/** A run of this window, or the copy of a card. `total` is null while it is still being counted. */
export type UnderWay = { readonly title: string; readonly done: number; readonly total: number | null };

export const runUnderWay = ({ title, counts }: RunState): UnderWay => ({
  title,
  done: counts.answered + counts.faults,
  total: counts.scanned ? counts.found : null,
});

export function copyUnderWay(copy: CardCopy): UnderWay {
  const progress = progressOf(copy);
  const title = copy.site === null ? copy.card : `${copy.card}, ${copy.site}`;
  return { title, done: progress?.done ?? 0, total: progress?.files ?? null };
}

/** As far as all of it is, from 0 to 1; null where something is not counted yet, or nothing is under way. */
export function shareOf(work: readonly UnderWay[]): number | null {
  if (work.length === 0 || work.some(({ total }) => total === null)) return null;
  const total = work.reduce((sum, one) => sum + (one.total ?? 0), 0);
  return total === 0 ? null : work.reduce((sum, { done }) => sum + done, 0) / total;
}

/** `north ridge: 312 / 1,206`, a line for each. */
export const linesOf = (work: readonly UnderWay[], locale: string): readonly string[] =>
  work.map(({ title, done, total }) => {
    const count = (value: number): string => value.toLocaleString(locale);
    return `${title}: ${count(done)} / ${total === null ? '…' : count(total)}`;
  });
