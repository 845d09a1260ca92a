import type { Migration } from './migration.ts';

/** Why a run works at half its speed, for processes that do not work on it. */
export const runSlowedMigration: Migration = {
  version: 19,
  up: (db) => db.script('ALTER TABLE runs ADD COLUMN slowed_by TEXT'),
};
