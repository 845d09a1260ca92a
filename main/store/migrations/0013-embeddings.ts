import type { Migration } from './migration.ts';

/**
 * Feature vectors, one byte per value, stored with the answers they were computed with. `seq` is never reused, so that
 * an index in memory reads only new rows. Vectors are compared within a space: same pack, variant and size.
 */
export const embeddingsMigration: Migration = {
  version: 13,
  up: (db) =>
    db.script(`
      CREATE TABLE embedding_spaces (
        id INTEGER PRIMARY KEY,
        pack TEXT NOT NULL,
        variant TEXT NOT NULL,
        size INTEGER NOT NULL,
        UNIQUE (pack, variant, size)
      ) STRICT;
      CREATE TABLE embeddings (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        answer INTEGER NOT NULL UNIQUE REFERENCES answers (id) ON DELETE CASCADE,
        space INTEGER NOT NULL REFERENCES embedding_spaces (id),
        scale REAL NOT NULL,
        length REAL NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
    `),
};
