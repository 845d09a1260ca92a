import type { Writable } from '../database.ts';
import { storedSettings } from '../preferences.ts';
import { parseSettings } from '../stored-settings.ts';

/** Rows per portion: small enough that a prediction asked meanwhile is not held up noticeably. */
const portion = 500;
const dayMs = 86_400_000;
const tables = [
  ['run_items', 'seq'],
  ['run_inputs', 'seq'],
  ['run_watched', 'path'],
] as const;

/**
 * Makes removals final whose process has closed the store. Must run before this process is registered: it may get the
 * id of a former one.
 */
export const settleRemovedRuns = (db: Writable): void =>
  void db.run(
    'UPDATE runs SET removed_by = 0 WHERE removed_by <> 0 AND removed_by NOT IN (SELECT id FROM openings)',
  );

/** Marks runs that ended before the retention period of the settings as removed, without undo. */
export function removeOldRuns(db: Writable): void {
  const { keepRunsDays } = parseSettings(storedSettings(db));
  if (keepRunsDays === null) return;
  db.run(
    'UPDATE runs SET removed_by = 0 WHERE owner IS NULL AND removed_by IS NULL AND coalesce(ended_at, started_at) < ?',
    new Date(Date.now() - keepRunsDays * dayMs).toISOString(),
  );
}

/**
 * Deletes a portion of a run whose removal can no longer be undone; false when nothing is left to delete. Answers and
 * confirmed labels belong to photos, not to runs: they stay.
 */
export function purgeRunsPortion(db: Writable): boolean {
  return db.transaction(() => {
    const run = db.get<{ id: number }>('SELECT id FROM runs WHERE removed_by = 0 LIMIT 1')?.id;
    if (run === undefined) return false;
    for (const [table, key] of tables) {
      const deleted = db.run(
        `DELETE FROM ${table} WHERE run = ? AND ${key} IN (SELECT ${key} FROM ${table} WHERE run = ? LIMIT ${portion})`,
        run,
        run,
      );
      if (deleted > 0) return true;
    }
    db.run('DELETE FROM runs WHERE id = ?', run);
    return true;
  });
}
