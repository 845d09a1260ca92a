import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../lib/error-text.ts';
import type { Writable } from './database.ts';
import { newestVersion, storeVersion } from './migrations/index.ts';

/**
 * Name of the copy made before a newer Outpost migrated the store: `outpost.v4.db` has the last content in schema
 * version 4.
 */
const snapshotFile = (file: string, version: number): string =>
  path.join(path.dirname(file), `outpost.v${version}.db`);

/**
 * Copies the store before it is migrated, so that an older Outpost, when installed again, finds its data. An existing
 * copy is kept: it predates the first migration. SQLite makes the copy (`VACUUM INTO`): opening and closing the file
 * ourselves would drop this process's POSIX locks on it, and another process could then delete the live write-ahead
 * log.
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
      // Another process may have migrated the store while the copy was made.
      if (versionIn(handle) === version && !existsSync(snapshot)) renameSync(draft, snapshot);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    // The migration is one transaction, so it is safe even without room for a copy.
    process.emitWarning(`no copy of the store was made: ${messageOf(error)}`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** `user_version` in the header of a database file. */
function versionIn(handle: number): number {
  const bytes = Buffer.alloc(4);
  readSync(handle, bytes, 0, 4, 60);
  return bytes.readUInt32BE(0);
}

/** The copy that an older Outpost opens instead of a store with an unknown schema; null when there is none. */
export function olderSnapshot(file: string): string | null {
  for (let version = newestVersion; version > 0; version -= 1) {
    const snapshot = snapshotFile(file, version);
    if (existsSync(snapshot)) return snapshot;
  }
  return null;
}
