import type { Migration } from './migration.ts';

/**
 * How far `outpost watch` has printed a run: the items in front of `printed_items`, and what was replaced up to the change with the number
 * `printed_changes`. NULL where it never did.
 */
export const printedItemsMigration: Migration = {
  version: 23,
  up: (db) =>
    db.script(`
      ALTER TABLE runs ADD COLUMN printed_items INTEGER;
      ALTER TABLE runs ADD COLUMN printed_changes INTEGER;
    `),
};
