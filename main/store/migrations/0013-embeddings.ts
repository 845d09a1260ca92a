import type { Migration } from './migration.ts';

/**
 * Feature vectors beside the answers that they came with, one byte a value. `seq` is given once and never again, so that an
 * index in memory reads only what is new. Vectors are compared within a space: those of one pack, variant and size.
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
