import type { Migration } from './migration.ts';

/**
 * Photos of a run with the same content: `duplicate_of` is the item that they are duplicates of. Within a run, the key of an answer stands for
 * the content. Its first 16 digits, 64 bits, find it: an index of whole keys would be three times as large.
 */
export const sameContentMigration: Migration = {
  version: 21,
  up: (db) =>
    db.script(`
      ALTER TABLE run_items ADD COLUMN duplicate_of INTEGER;
      ALTER TABLE runs ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX run_items_keys ON run_items (run, substr(key, 1, 16));

      CREATE TEMP TABLE repeated AS
        SELECT run, substr(key, 1, 16) AS start, min(seq) AS first FROM run_items INDEXED BY run_items_keys
        WHERE substr(key, 1, 16) IS NOT NULL GROUP BY run, substr(key, 1, 16) HAVING count(*) > 1;
      UPDATE run_items INDEXED BY run_items_keys SET duplicate_of = o.seq
        FROM temp.repeated p JOIN run_items o ON o.run = p.run AND o.seq = p.first
        WHERE run_items.run = p.run AND substr(run_items.key, 1, 16) = p.start
          AND run_items.seq > o.seq AND run_items.key = o.key;
      DROP TABLE temp.repeated;
      CREATE INDEX run_items_duplicates ON run_items (run, seq, duplicate_of) WHERE duplicate_of IS NOT NULL;
      UPDATE runs SET duplicates = (SELECT count(*) FROM run_items WHERE run = runs.id AND duplicate_of IS NOT NULL);
    `),
};
