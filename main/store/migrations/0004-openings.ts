import type { Migration } from './migration.ts';

/** Who has the store open: a row that outlives its process tells of an unclean end. */
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
