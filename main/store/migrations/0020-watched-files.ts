import type { Migration } from './migration.ts';

/** A file of a watched folder under another name is known by its size and time, before its content is compared. */
export const watchedFilesMigration: Migration = {
  version: 20,
  up: (db) => db.script('CREATE INDEX run_watched_files ON run_watched (run, size, mtime)'),
};
