import type { Migration } from './migration.ts';

/**
 * By which method an answer was made (`answerMethod`). What is there already was made before methods were counted: it stays
 * as history, with what a person kept, and its key is none that is looked for any more.
 */
export const answerMethodMigration: Migration = {
  version: 10,
  up: (db) =>
    db.script(`
      ALTER TABLE answers ADD COLUMN method INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE tensor_answers ADD COLUMN method INTEGER NOT NULL DEFAULT 0;
    `),
};
