import { nothing } from './found.ts';
import { itemTaskOf } from '../tasks/index.ts';
import type { Result } from '../tasks/index.ts';

/** A label that a person may confirm for a whole photo, or `nothing`; `score` is null where the model did not see it. */
export type Choice = { readonly id: string; readonly name: string; readonly score: number | null };

/** What a result is for the whole photo as it stands: its first label, or nothing found. Null for a task that answers neither. */
export function answerOf(result: Result): Choice | null {
  const task = itemTaskOf(result.task);
  if (task.found) {
    const first = task.headline(result);
    return first ? { id: first.id, name: first.label, score: first.score } : { ...nothing, score: null };
  }
  return seenIn(result)[0] ?? null;
}

/** The labels of a result that may be right, best first. */
export function seenIn(result: Result): readonly Choice[] {
  const task = itemTaskOf(result.task);
  const seen = (task.candidates ?? task.ranked)?.(result) ?? [];
  return seen.map(({ id, label, score }) => ({ id, name: label, score }));
}
