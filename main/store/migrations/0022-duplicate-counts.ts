import type { Writable } from '../database.ts';
import type { Migration } from './migration.ts';

/** How many of the items with a label, and of those on which nothing was found, are duplicates: sums of a run are given without them too. */
export const duplicateCountsMigration: Migration = {
  version: 22,
  up(db) {
    db.script(`
      ALTER TABLE run_labels ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN empty_duplicates INTEGER NOT NULL DEFAULT 0;
      UPDATE runs SET empty_duplicates = (
        SELECT count(*) FROM run_items INDEXED BY run_items_duplicates
        WHERE run = runs.id AND duplicate_of IS NOT NULL AND label IS NULL
      ) WHERE duplicates > 0;
    `);
    for (const run of db.column<number>('SELECT id FROM runs WHERE duplicates > 0')) countDuplicates(db, run);
  },
};

/** An item's labels are known by its search text alone, in lower case: a line each, behind the name. */
function countDuplicates(db: Writable, run: number): void {
  const counts = new Map(
    db
      .column<string>('SELECT label FROM run_labels WHERE run = ?', run)
      .map((label) => [label.toLowerCase(), { label, duplicates: 0 }]),
  );
  const duplicates = db.each<{ search: string }>(
    'SELECT search FROM run_items INDEXED BY run_items_duplicates WHERE run = ? AND duplicate_of IS NOT NULL',
    run,
  );
  for (const { search } of duplicates)
    for (const line of search.split('\n').slice(1)) {
      const count = counts.get(line);
      if (count) count.duplicates += 1;
    }
  for (const { label, duplicates: many } of counts.values())
    if (many > 0)
      db.run('UPDATE run_labels SET duplicates = ? WHERE run = ? AND label = ?', many, run, label);
}
