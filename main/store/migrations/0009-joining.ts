import type { Migration } from './migration.ts';

/** Whether rows of several requests may share a batch, as proved on a device for a pack, variant and provider. */
export const joiningMigration: Migration = {
  version: 9,
  up: (db) =>
    db.script(`
      CREATE TABLE join_verdicts (
        device TEXT NOT NULL,
        model TEXT NOT NULL,
        verdict TEXT NOT NULL,
        PRIMARY KEY (device, model)
      ) STRICT, WITHOUT ROWID;
    `),
};
