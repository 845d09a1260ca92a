import type { Migration } from './migration.ts';

/**
 * What a photo says of its camera stays with a run's item when its answer is purged; and what a person says of the folders
 * of a run: which site it is, where that lies, and by how much the clock of its camera was wrong.
 */
export const camerasMigration: Migration = {
  version: 16,
  up: (db) =>
    db.script(`
      -- JSON: contract/pictures/camera.ts; NULL where the photo says nothing.
      ALTER TABLE run_items ADD COLUMN camera TEXT;

      CREATE TABLE run_folders (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        -- As the names of items have it, with / between its steps; empty for the whole run.
        folder TEXT NOT NULL,
        site TEXT,
        latitude REAL,
        longitude REAL,
        shift_s INTEGER,
        PRIMARY KEY (run, folder)
      ) STRICT, WITHOUT ROWID;

      -- What a person asks of exports again and again, by name. JSON: ExportChoice of contract/runs/export.ts.
      CREATE TABLE export_profiles (name TEXT PRIMARY KEY, choice TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `),
};
