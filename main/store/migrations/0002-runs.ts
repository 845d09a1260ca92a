import type { Migration } from './migration.ts';

/** Runs, their items in order of arrival, and the totals that the list of runs shows. */
export const runsMigration: Migration = {
  version: 2,
  up: (db) =>
    db.script(`
      CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        started_at TEXT NOT NULL,
        items INTEGER NOT NULL DEFAULT 0,
        faults INTEGER NOT NULL DEFAULT 0
      ) STRICT;

      CREATE TABLE run_items (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        path TEXT NOT NULL,
        name TEXT NOT NULL,
        key TEXT,
        label TEXT,
        score REAL,
        duration_ms REAL,
        cached INTEGER NOT NULL,
        fault TEXT,
        -- File name and label in lower case, as JavaScript does it: SQLite folds ASCII alone.
        search TEXT NOT NULL,
        PRIMARY KEY (run, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX run_items_faults ON run_items (run, seq) WHERE fault IS NOT NULL;

      CREATE TABLE run_labels (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        label TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (run, label)
      ) STRICT, WITHOUT ROWID;
    `),
};
