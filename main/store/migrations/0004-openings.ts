import type { Migration } from './migration.ts';

/**
 * One row per process that has the store open: a row whose process has ended means that it did not shut down cleanly.
 */
export const openingsMigration: Migration = {
  version: 4,
  up: (db) =>
    db.script(`
      CREATE TABLE openings (
        id INTEGER PRIMARY KEY,
        pid INTEGER NOT NULL,
        process_started_ms INTEGER NOT NULL,
        opened_ms INTEGER NOT NULL,
        app_version TEXT NOT NULL
      ) STRICT;
    `),
};
