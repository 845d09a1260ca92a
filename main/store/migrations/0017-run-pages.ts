import type { Migration } from './migration.ts';

/**
 * A row of a run is wide (paths, name, camera), so a list of a million rows cannot be counted or sorted by reading them. The
 * indexes hold what lists are counted, filtered and sorted by, and `empty` counts answered items without a label as they come.
 * Columns that partial indexes ask for are in them too: SQLite looks at the row otherwise, 2 µs each.
 */
export const runPagesMigration: Migration = {
  version: 17,
  up: (db) =>
    db.script(`
      ALTER TABLE run_items ADD COLUMN is_fault INTEGER NOT NULL DEFAULT 0;
      UPDATE run_items SET is_fault = 1 WHERE fault IS NOT NULL;
      DROP INDEX run_items_faults;
      CREATE INDEX run_items_faults ON run_items (run, seq, is_fault) WHERE is_fault = 1;
      CREATE INDEX run_items_empty ON run_items (run, seq, label, is_fault) WHERE label IS NULL AND is_fault = 0;
      CREATE INDEX run_items_scores ON run_items (run, score);
      CREATE INDEX run_items_labels ON run_items (run, label COLLATE NOCASE);
      ALTER TABLE runs ADD COLUMN empty INTEGER NOT NULL DEFAULT 0;
      UPDATE runs SET empty = (SELECT count(*) FROM run_items WHERE run = runs.id AND label IS NULL AND is_fault = 0);
    `),
};
