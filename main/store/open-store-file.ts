import { chmodSync, closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import type { StoreState } from '../../contract/serving/status.ts';
import { messageOf } from '../lib/error-text.ts';
import { aloneWith, damageReason, identityOf, moveAside, sleepMs } from './damage.ts';
import { openInMemory, openWritable } from './database.ts';
import type { Opened, Writable } from './database.ts';
import { DamagedError, failureKind, NewerStoreError } from './failures.ts';
import { migrate } from './migrations/index.ts';
import { forgetProcesses, registerProcess, findEndedProcesses } from './open-processes.ts';
import { storeFile } from './store-file.ts';
import { settleRuns } from './runs/journal.ts';
import { settleRemovedRuns } from './runs/purge.ts';
import { olderSnapshot, snapshotBefore } from './snapshot.ts';
import { makeFoldersSync } from '../lib/make-folders.ts';

export type OpenStore = {
  readonly db: Writable;
  readonly state: StoreState;
  readonly inMemory: boolean;
  /** Device and inode of the open file; null in memory. */
  readonly identity: string | null;
  close(): void;
};
type StoreLocation = { readonly folder: string; readonly appVersion: string };

/** "OUTP" as SQLite's application_id: tells a store of Outpost from another program's database. */
const applicationId = 0x4f_55_54_50;
/** Largest read-only store that is copied into memory, so that its settings and answers can still be used. */
const largestImageBytes = 256 * 1024 ** 2;

/**
 * Opens the store, whatever is there.
 *
 *   opens ───────────────────────────────────> ready
 *   newer, but left a copy of what was here ─> ready          the copy, by its own name; the newer one is left alone
 *   damaged ──moved aside──> new one opens ──> replaced       never for a lock or a missing permission
 *   may not be written, newer, locked ───────> read-only      in memory, beginning with a copy of what can be read
 *   no room left ────────────────────────────> disk-full      likewise
 */
export function openStoreFile(place: StoreLocation): OpenStore {
  const file = storeFile(place.folder);
  try {
    prepareFile(place.folder, file);
    try {
      return withState(openPatiently(file, place), { kind: 'ready', file });
    } catch (error) {
      const older = error instanceof NewerStoreError ? olderSnapshot(file) : null;
      if (older !== null) return withState(openPatiently(older, place), { kind: 'ready', file: older });
      if (failureKind(error) !== 'damaged') throw error;
      return aloneWith(`${file}.replacing`, () => replace(file, place));
    }
  } catch (error) {
    return openWithoutFile(place, error);
  }
}

/** Replaces a store that was found damaged while in use; its handle must be closed already. */
export function reopenDamaged(place: StoreLocation, damaged: OpenStore, found: string): OpenStore {
  const { file } = damaged.state;
  try {
    return aloneWith(`${file}.replacing`, () =>
      // Another process that found the same damage may have replaced the file already.
      identityOf(file) === damaged.identity ? setAside(file, place, found) : replace(file, place),
    );
  } catch (error) {
    return openWithoutFile(place, error);
  }
}

type Live = { readonly db: Writable; readonly identity: string | null; close(): void };

function replace(file: string, place: StoreLocation): OpenStore {
  try {
    // Another process may have replaced the file while this one waited for the lock.
    return withState(openPatiently(file, place), { kind: 'ready', file });
  } catch (error) {
    if (failureKind(error) !== 'damaged') throw error;
    return setAside(file, place, messageOf(error));
  }
}

function setAside(file: string, place: StoreLocation, found: string): OpenStore {
  const reason = damageReason(file, found);
  const movedTo = moveAside(file, new Date());
  prepareFile(place.folder, file);
  return withState(openPatiently(file, place), { kind: 'replaced', file, movedTo, reason });
}

/** Retries while the file is locked: a lock means another process is at work, never damage. */
function openPatiently(file: string, place: StoreLocation): Live {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      return openOnce(file, place);
    } catch (error) {
      if (failureKind(error) !== 'busy' || Date.now() > deadline) throw error;
      sleepMs(25);
    }
  }
}

function openOnce(file: string, place: StoreLocation): Live {
  const identity = identityOf(file);
  const opened = openWritable(file);
  try {
    const db = opened.handle;
    configure(db);
    snapshotBefore(db, file);
    migrate(db);
    checkAfterUncleanEnd(db);
    settleRuns(db);
    settleRemovedRuns(db);
    const opening = registerProcess(db, place.appVersion);
    return { db, identity, close: () => closeCleanly(opened, opening.forget) };
  } catch (error) {
    opened.close();
    throw error;
  }
}

function configure(db: Writable): void {
  const id = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0;
  const tables = db.get<{ n: number }>('SELECT count(*) AS n FROM sqlite_schema')?.n ?? 0;
  if (tables > 0 && id !== applicationId) throw new DamagedError('it is a database of another program');
  if (tables === 0) db.script(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${applicationId}`);
  db.script(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -32768;
  `);
}

function checkAfterUncleanEnd(db: Writable): void {
  const unclean = findEndedProcesses(db);
  if (unclean.length === 0) return;
  const found = db.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check ?? 'no answer';
  if (found !== 'ok') throw new DamagedError(found);
  forgetProcesses(db, unclean);
}

function closeCleanly(opened: Opened<Writable>, forget: () => void): void {
  try {
    forget();
  } catch {
    // On a full disk the row stays, and the next start runs one integrity check more than needed.
  }
  opened.close();
}

function withState(live: Live, state: StoreState): OpenStore {
  return { ...live, state, inMemory: false };
}

function openWithoutFile(place: StoreLocation, error: unknown): OpenStore {
  const file = storeFile(place.folder);
  const kind = failureKind(error);
  if (kind === 'bug') throw error;
  const reason = kind === 'busy' ? 'another program keeps it locked' : messageOf(error);
  const opened = openCopy(file) ?? openInMemory();
  migrate(opened.handle);
  registerProcess(opened.handle, place.appVersion);
  return {
    db: opened.handle,
    state: { kind: kind === 'disk-full' ? 'disk-full' : 'read-only', file, reason },
    inMemory: true,
    identity: null,
    close: opened.close,
  };
}

/**
 * The store as of its last checkpoint, if there is no newer write-ahead log and the file passes the integrity check.
 */
function openCopy(file: string): Opened<Writable> | null {
  let opened: Opened<Writable> | null = null;
  try {
    if (statSync(file).size > largestImageBytes) return null;
    if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) return null;
    const image = readFileSync(file);
    // Header bytes 18 and 19 are the journal mode: a database in memory has no write-ahead log.
    image.fill(1, 18, 20);
    opened = openInMemory(image);
    if (opened.handle.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check !== 'ok')
      throw new Error('damaged');
    migrate(opened.handle);
    return opened;
  } catch {
    opened?.close();
    return null;
  }
}

/** Creates the file with its mode before SQLite opens it: -wal and -shm inherit the mode. */
function prepareFile(folder: string, file: string): void {
  if (makeFoldersSync(folder, { mode: 0o700 })) chmodSync(folder, 0o700);
  // Never opens an existing file: closing it would release the POSIX locks that this process may hold on it.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
}
