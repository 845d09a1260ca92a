import type { Migration } from './migration.ts';

/** Programs with access over HTTP, by the digest of their token. */
export const tokensMigration: Migration = {
  version: 7,
  up: (db) =>
    db.script(`
      CREATE TABLE tokens (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        models TEXT,
        is_control INTEGER NOT NULL,
        tail TEXT NOT NULL,
        created_at TEXT NOT NULL,
        last_used_at TEXT,
        revoked_at TEXT
      ) STRICT, WITHOUT ROWID;
    `),
};
