import { nothing } from '../../contract/found.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import type { Result } from '../../contract/tasks/index.ts';

/** A label that a person may confirm for a whole photo, or `nothing`; `score` is null where the model did not see it. */
export type Choice = { readonly id: string; readonly name: string; readonly score: number | null };

/** What a result is for the whole photo as it stands: its first label, or nothing found. Null for a task that answers neither. */
export function answerOf(result: Result): Choice | null {
  const task = itemTaskOf(result.task);
  if (task.found) {
    const first = task.headline(result);
    return first ? { id: first.id, name: first.label, score: first.score } : { ...nothing, score: null };
  }
  return choicesOf(result, [])[0] ?? null;
}

/**
 * All that may be right for a photo, best first. Of a model that finds things these are its other labels and nothing as well,
 * since what it did not find may be there; such labels have their names as ids.
 */
export function choicesOf(result: Result, labelNames: readonly string[]): readonly Choice[] {
  const task = itemTaskOf(result.task);
  const seen = (task.candidates ?? task.ranked)?.(result) ?? [];
  const choices: readonly Choice[] = seen.map(({ id, label, score }) => ({ id, name: label, score }));
  if (!task.found) return choices;
  const names = new Set(choices.map(({ name }) => name));
  const unseen = labelNames
    .filter((name) => !names.has(name))
    .map((name) => ({ id: name, name, score: null }));
  return [...choices, ...unseen, { ...nothing, score: null }];
}
