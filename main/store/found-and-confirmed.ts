import type { Found } from '../../contract/runs/found.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import { readRecord } from './records.ts';
import type { Readable } from './database.ts';

/**
 * Summaries of what was found on photos, by the keys of their records; null for a record that is no longer stored, or
 * whose task finds nothing.
 */
export function foundIn(db: Readable, keys: readonly (string | null)[]): (Found | null)[] {
  return keys.map((key) => {
    const stored = key === null ? null : readRecord(db, key);
    return stored ? (itemTaskOf(stored.result.task).found?.(stored.result) ?? null) : null;
  });
}

/** What a person said is on the photos with these answers, empty for nothing; null while nobody did. */
export function confirmedIn(db: Readable, keys: readonly (string | null)[]): (string | null)[] {
  const sql = `SELECT c.label FROM answers a JOIN confirmations c ON c.digest = a.input AND c.model = a.model WHERE a.key = ?`;
  return keys.map((key) => (key === null ? null : (db.get<{ label: string }>(sql, key)?.label ?? null)));
}
