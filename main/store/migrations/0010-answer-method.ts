import type { Migration } from './migration.ts';

/**
 * The method that an answer was computed with (`resultMethod`). Older answers have none: they stay as history, with
 * what a person kept, but their keys no longer match any request.
 */
export const answerMethodMigration: Migration = {
  version: 10,
  up: (db) =>
    db.script(`
      ALTER TABLE answers ADD COLUMN method INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE tensor_answers ADD COLUMN method INTEGER NOT NULL DEFAULT 0;
    `),
};
