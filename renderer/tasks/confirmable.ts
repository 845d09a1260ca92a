import { seenIn } from '../../contract/confirmable.ts';
import type { Choice } from '../../contract/confirmable.ts';
import { nothing } from '../../contract/found.ts';
import { findsThings } from '../../contract/tasks/index.ts';
import type { Result } from '../../contract/tasks/index.ts';

/**
 * All that may be right for a photo, best first. Of a model that finds things these are its other labels and nothing as well,
 * since what it did not find may be there; such labels have their names as ids.
 */
export function choicesOf(result: Result, labelNames: readonly string[]): readonly Choice[] {
  const choices = seenIn(result);
  if (!findsThings(result.task)) return choices;
  const names = new Set(choices.map(({ name }) => name));
  const unseen = labelNames
    .filter((name) => !names.has(name))
    .map((name) => ({ id: name, name, score: null }));
  return [...choices, ...unseen, { ...nothing, score: null }];
}
