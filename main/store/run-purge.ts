import type { Writable } from './database.ts';
import { storedSettings } from './preferences.ts';
import { parseSettings } from './stored-settings.ts';

/** Small enough that a prediction asked meanwhile does not notice the wait. */
const portion = 500;
const dayMs = 86_400_000;

/** Runs whose remover has closed the store are removed for good. Before a new opening is noted, since it may get the number of the old one. */
export const settleRemovedRuns = (db: Writable): void =>
  void db.run(
    'UPDATE runs SET removed_by = 0 WHERE removed_by <> 0 AND removed_by NOT IN (SELECT id FROM openings)',
  );

/** Marks runs that ended longer ago than the settings keep them as removed, for good. */
export function removeOldRuns(db: Writable): void {
  const { keepRunsDays } = parseSettings(storedSettings(db));
  if (keepRunsDays === null) return;
  db.run(
    'UPDATE runs SET removed_by = 0 WHERE owner IS NULL AND removed_by IS NULL AND coalesce(ended_at, started_at) < ?',
    new Date(Date.now() - keepRunsDays * dayMs).toISOString(),
  );
}

/**
 * Deletes a portion of a run that was removed and can be brought back by nobody; false when nothing is left to delete.
 * Answers, and what a person confirmed, belong to photos and not to runs: they stay.
 */
export function purgeRunsPortion(db: Writable): boolean {
  return db.transaction(() => {
    const run = db.get<{ id: number }>('SELECT id FROM runs WHERE removed_by = 0 LIMIT 1')?.id;
    if (run === undefined) return false;
    for (const table of ['run_items', 'run_inputs']) {
      const deleted = db.run(
        `DELETE FROM ${table} WHERE run = ? AND seq IN (SELECT seq FROM ${table} WHERE run = ? LIMIT ${portion})`,
        run,
        run,
      );
      if (deleted > 0) return true;
    }
    db.run('DELETE FROM runs WHERE id = ?', run);
    return true;
  });
}
