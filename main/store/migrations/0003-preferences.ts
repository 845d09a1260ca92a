import type { Migration } from './migration.ts';

/** Settings, models in use, and measurements per device. */
export const preferencesMigration: Migration = {
  version: 3,
  up: (db) =>
    db.script(`
      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE provider_reports (
        device TEXT NOT NULL,
        model TEXT NOT NULL,
        provider TEXT NOT NULL,
        report TEXT NOT NULL,
        PRIMARY KEY (device, model, provider)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE shape_reports (
        device TEXT NOT NULL,
        model TEXT NOT NULL,
        report TEXT NOT NULL,
        PRIMARY KEY (device, model)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE golden_results (
        device TEXT NOT NULL,
        pack TEXT NOT NULL,
        result TEXT NOT NULL,
        PRIMARY KEY (device, pack)
      ) STRICT, WITHOUT ROWID;
    `),
};
