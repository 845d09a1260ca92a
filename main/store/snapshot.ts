import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from './database.ts';
import { newestVersion, storeVersion } from './migrations/index.ts';

/** The store as it was before a newer Outpost changed its form: `outpost.v4.db` is what version 4 of the form last held. */
export const snapshotFile = (file: string, version: number): string =>
  path.join(path.dirname(file), `outpost.v${version}.db`);

/**
 * Copies the store before it is migrated, so that a return to the Outpost before finds everything as it left it. A copy
 * that is there already stays: it is the one from before the first change.
 */
export function snapshotBefore(db: Writable, file: string): void {
  const version = storeVersion(db);
  const snapshot = snapshotFile(file, version);
  if (version === 0 || version >= newestVersion || existsSync(snapshot)) return;
  db.script('PRAGMA wal_checkpoint(TRUNCATE)');
  const draft = `${snapshot}.${process.pid}.tmp`;
  try {
    // Writers wait for this, and without them nobody moves pages from the log into the file.
    db.transaction(() => {
      copyFileSync(file, draft, constants.COPYFILE_FICLONE);
      const log = `${file}-wal`;
      if (existsSync(log) && statSync(log).size > 0) copyFileSync(log, `${snapshot}-wal`);
      renameSync(draft, snapshot);
    });
  } catch (error) {
    rmSync(draft, { force: true });
    rmSync(`${snapshot}-wal`, { force: true });
    // The change itself is one transaction: without room for a copy it is still all or nothing.
    process.emitWarning(
      `no copy of the store was made: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** What an older Outpost opens instead of a store whose form it does not know; null when it was never here before. */
export function olderSnapshot(file: string): string | null {
  for (let version = newestVersion; version > 0; version -= 1) {
    const snapshot = snapshotFile(file, version);
    if (existsSync(snapshot)) return snapshot;
  }
  return null;
}
