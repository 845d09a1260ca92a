import type { Migration } from './migration.ts';

/** Answers of tensor requests. They count into the same totals as answers of photos: one size cap holds for both. */
export const tensorAnswersMigration: Migration = {
  version: 8,
  up: (db) =>
    db.script(`
      CREATE TABLE tensor_answers (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        input TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        pack TEXT NOT NULL,
        variant TEXT NOT NULL,
        provider TEXT NOT NULL,
        settings TEXT NOT NULL,
        at TEXT NOT NULL,
        used_at INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL,
        digest TEXT NOT NULL,
        outputs BLOB NOT NULL
      ) STRICT;
      CREATE INDEX tensor_answers_at ON tensor_answers (at);
      CREATE INDEX tensor_answers_model ON tensor_answers (model);
      CREATE INDEX tensor_answers_least_used ON tensor_answers (used_at);

      CREATE TRIGGER tensor_answers_added AFTER INSERT ON tensor_answers BEGIN
        INSERT INTO totals VALUES (new.model, new.version, 1, 0, new.size_bytes)
          ON CONFLICT DO UPDATE SET answers = answers + 1, size_bytes = size_bytes + new.size_bytes;
      END;
      CREATE TRIGGER tensor_answers_removed AFTER DELETE ON tensor_answers BEGIN
        UPDATE totals SET answers = answers - 1, size_bytes = size_bytes - old.size_bytes
          WHERE model = old.model AND version = old.version;
        DELETE FROM totals WHERE model = old.model AND version = old.version AND answers = 0;
      END;
      CREATE TRIGGER tensor_answers_changed AFTER UPDATE OF size_bytes ON tensor_answers BEGIN
        UPDATE totals SET size_bytes = size_bytes + new.size_bytes - old.size_bytes
          WHERE model = new.model AND version = new.version;
      END;
    `),
};
