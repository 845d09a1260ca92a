import type { Migration } from './migration.ts';

/**
 * The id of an answer's first label in a column of its own, so that no query parses results of a task. Every older
 * answer is a classification: its id is that of the first prediction.
 */
export const labelIdsMigration: Migration = {
  version: 12,
  up: (db) =>
    db.script(`
      ALTER TABLE answers ADD COLUMN label_id TEXT;
      UPDATE answers SET label_id = json_extract(record, '$.result.predictions[0].id') WHERE json_valid(record);
    `),
};
