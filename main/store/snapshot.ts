import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../lib/error-text.ts';
import type { Writable } from './database.ts';
import { newestVersion, storeVersion } from './migrations/index.ts';

/** The store as it was before a newer Outpost changed its form: `outpost.v4.db` is what version 4 of the form last held. */
export const snapshotFile = (file: string, version: number): string =>
  path.join(path.dirname(file), `outpost.v${version}.db`);

/**
 * Copies the store before it is migrated, so that a return to the Outpost before finds everything as it left it. A copy
 * that is there already stays: it is the one from before the first change. SQLite makes the copy: reading the file past
 * it would, on closing, drop the locks that keep other processes from taking away the log of this one.
 */
export function snapshotBefore(db: Writable, file: string): void {
  const version = storeVersion(db);
  const snapshot = snapshotFile(file, version);
  if (version === 0 || version >= newestVersion || existsSync(snapshot)) return;
  const draft = `${snapshot}.${randomUUID()}.tmp`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    db.run('VACUUM INTO ?', draft);
    const handle = openSync(draft, 'r+');
    try {
      fsyncSync(handle);
      // Another process may have changed the form by the time that the copy was made.
      if (versionIn(handle) === version && !existsSync(snapshot)) renameSync(draft, snapshot);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    // The change itself is one transaction: without room for a copy it is still all or nothing.
    process.emitWarning(`no copy of the store was made: ${messageOf(error)}`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** `user_version`, as the header of a database file has it. */
function versionIn(handle: number): number {
  const bytes = Buffer.alloc(4);
  readSync(handle, bytes, 0, 4, 60);
  return bytes.readUInt32BE(0);
}

/** What an older Outpost opens instead of a store whose form it does not know; null when it was never here before. */
export function olderSnapshot(file: string): string | null {
  for (let version = newestVersion; version > 0; version -= 1) {
    const snapshot = snapshotFile(file, version);
    if (existsSync(snapshot)) return snapshot;
  }
  return null;
}
