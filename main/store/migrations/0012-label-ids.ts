import type { Migration } from './migration.ts';

/**
 * The id of an answer's first label in a column of its own, so that no query reads into the results of a task. Answers that
 * were stored before are all of photos' labels: theirs is the id of the first prediction.
 */
export const labelIdsMigration: Migration = {
  version: 12,
  up: (db) =>
    db.script(`
      ALTER TABLE answers ADD COLUMN label_id TEXT;
      UPDATE answers SET label_id = json_extract(record, '$.result.predictions[0].id') WHERE json_valid(record);
    `),
};
