import type { Migration } from './migration.ts';

/** Versions of models with their history, trust ratchets, confirmed labels, comparisons of versions. */
export const lifecycleMigration: Migration = {
  version: 5,
  up: (db) =>
    db.script(`
      CREATE TABLE versions (
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (model, version)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE pointers (
        model TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        pointer TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE policies (model TEXT PRIMARY KEY, policy TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE denied (
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        denied TEXT NOT NULL,
        PRIMARY KEY (model, version)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE canaries (model TEXT PRIMARY KEY, report TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE lifecycle_events (
        id INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        event TEXT NOT NULL
      ) STRICT;
      CREATE INDEX lifecycle_events_model ON lifecycle_events (model, id);

      -- Numbers that only go up.
      CREATE TABLE ratchets (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE confirmations (
        digest TEXT NOT NULL,
        model TEXT NOT NULL,
        label_id TEXT NOT NULL,
        label TEXT NOT NULL,
        path TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (digest, model)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX confirmations_at ON confirmations (model, at);

      CREATE TABLE trials (
        id TEXT PRIMARY KEY,
        model TEXT NOT NULL,
        "to" TEXT NOT NULL,
        at TEXT NOT NULL,
        report TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX trials_at ON trials (model, at);
      CREATE TABLE trial_items (
        trial TEXT NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        label_id TEXT NOT NULL,
        verdict TEXT NOT NULL,
        item TEXT NOT NULL,
        PRIMARY KEY (trial, seq)
      ) STRICT, WITHOUT ROWID;
    `),
};
