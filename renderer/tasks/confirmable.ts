import { seenIn } from '../../contract/runs/confirmable.ts';
import type { Choice } from '../../contract/runs/confirmable.ts';
import { nothing } from '../../contract/runs/found.ts';
import { findsThings } from '../../contract/tasks/index.ts';
import type { Result } from '../../contract/tasks/index.ts';

/**
 * All that may be right for a photo, best first: what was seen, nothing where the model finds things, and the other labels of
 * the model, since what it did not see may be there.
 */
export function choicesOf(
  result: Result,
  labels: readonly { readonly id: string; readonly name: string }[],
): readonly Choice[] {
  const seen = seenIn(result);
  const none = findsThings(result.task) ? [{ ...nothing, score: null }] : [];
  const ids = new Set(seen.map(({ id }) => id));
  const unseen = labels.filter(({ id }) => !ids.has(id)).map(({ id, name }) => ({ id, name, score: null }));
  return [...seen, ...none, ...unseen];
}
