import type { Migration } from './migration.ts';

/** Inputs by digest, the files they were seen in, and their answers. */
export const answersMigration: Migration = {
  version: 1,
  up: (db) =>
    db.script(`
      CREATE TABLE inputs (
        digest TEXT PRIMARY KEY,
        size INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX inputs_size ON inputs (size);

      CREATE TABLE files (
        path TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        digest TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX files_digest ON files (digest);

      CREATE TABLE answers (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        input TEXT NOT NULL REFERENCES inputs (digest),
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        pack TEXT NOT NULL,
        variant TEXT NOT NULL,
        provider TEXT NOT NULL,
        settings TEXT NOT NULL,
        label TEXT,
        score REAL,
        at TEXT NOT NULL,
        used_at INTEGER NOT NULL,
        kept INTEGER NOT NULL DEFAULT 0,
        size_bytes INTEGER NOT NULL,
        record TEXT NOT NULL
      ) STRICT;
      CREATE INDEX answers_input ON answers (input);
      CREATE INDEX answers_at ON answers (at, key);
      CREATE INDEX answers_label ON answers (label, at, key);
      CREATE INDEX answers_model ON answers (model, at, key);
      CREATE INDEX answers_least_used ON answers (used_at) WHERE kept = 0;

      -- Sums that would take a walk over all answers, kept by triggers so that two processes cannot disagree.
      CREATE TABLE totals (
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        answers INTEGER NOT NULL,
        kept INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL,
        PRIMARY KEY (model, version)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER answers_added AFTER INSERT ON answers BEGIN
        INSERT INTO totals VALUES (new.model, new.version, 1, new.kept, new.size_bytes)
          ON CONFLICT DO UPDATE SET answers = answers + 1, kept = kept + new.kept, size_bytes = size_bytes + new.size_bytes;
      END;
      CREATE TRIGGER answers_removed AFTER DELETE ON answers BEGIN
        UPDATE totals SET answers = answers - 1, kept = kept - old.kept, size_bytes = size_bytes - old.size_bytes
          WHERE model = old.model AND version = old.version;
        DELETE FROM totals WHERE model = old.model AND version = old.version AND answers = 0;
      END;
      CREATE TRIGGER answers_changed AFTER UPDATE OF kept, size_bytes ON answers BEGIN
        UPDATE totals SET kept = kept + new.kept - old.kept, size_bytes = size_bytes + new.size_bytes - old.size_bytes
          WHERE model = new.model AND version = new.version;
      END;
    `),
};
