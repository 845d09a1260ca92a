import type { Found } from '../../contract/found.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import { answer } from './answers.ts';
import type { Readable } from './database.ts';

/**
 * Summaries of what was found on photos, by the keys of their answers; null for an answer that is no longer stored, or
 * whose task finds nothing.
 */
export function foundIn(db: Readable, keys: readonly (string | null)[]): (Found | null)[] {
  return keys.map((key) => {
    const stored = key === null ? null : answer(db, key);
    return stored ? (itemTaskOf(stored.result.task).found?.(stored.result) ?? null) : null;
  });
}
