import type { Migration } from './migration.ts';

/**
 * Files of a watched folder as they were when they were answered. A run that watches has no walk to go on with: what came
 * while it was off is what this table does not have. And cards that were copied, with each file, so that a copy goes on where
 * it was and a card is known when it comes again.
 */
export const watchedAndIntakesMigration: Migration = {
  version: 15,
  up: (db) =>
    db.script(`
      CREATE TABLE run_watched (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        -- Below the folder; empty: files that were there before the run began are all noted.
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        -- Nanoseconds, which JavaScript's numbers do not hold.
        mtime TEXT NOT NULL,
        -- Its newest item; NULL for what was there before and is not answered.
        seq INTEGER,
        PRIMARY KEY (run, path)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE intakes (
        id INTEGER PRIMARY KEY,
        -- What the card was given when it was formatted; NULL where it cannot be read.
        volume TEXT,
        label TEXT,
        -- The folder of the copy.
        target TEXT NOT NULL UNIQUE,
        -- Where its camera stood, in the person's words.
        site TEXT,
        started_at TEXT NOT NULL,
        -- NULL until its receipt is written.
        ended_at TEXT
      ) STRICT;
      CREATE INDEX intakes_volume ON intakes (volume, started_at);

      CREATE TABLE intake_files (
        intake INTEGER NOT NULL REFERENCES intakes (id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        -- Milliseconds since 1970.
        mtime INTEGER NOT NULL,
        digest TEXT NOT NULL,
        -- What is wrong with the photo on the card; NULL for what looks whole.
        flaw TEXT,
        PRIMARY KEY (intake, path)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX intake_files_path ON intake_files (path, size, mtime);
    `),
};
