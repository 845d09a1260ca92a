import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { withLockSync } from '../lib/lock.ts';
import { BusyError } from './failures.ts';

const header = 'SQLite format 3\0';

/** What is wrong with the file, as text that completes "could not be opened: …". */
export function damageReason(file: string, found: string): string {
  if (found.startsWith('it is ')) return found;
  const head = Buffer.alloc(4096);
  const length = readHead(file, head);
  if (length > 0 && head.subarray(0, length).every((byte) => byte === 0)) {
    return 'its first bytes are zeros, which is what a power cut can leave';
  }
  if (head.toString('latin1', 0, header.length) !== header)
    return 'its first bytes are not those of a database';
  const claimed = pageSize(head) * head.readUInt32BE(28);
  const size = statSync(file).size;
  if (size < claimed) return `it has ${size} bytes where it should have ${claimed}, as after a broken copy`;
  return `parts of it are damaged (${found})`;
}

/** Renames the file and its companions (-wal, -shm) and returns the new name. Nothing is deleted or overwritten. */
export function moveAside(file: string, now: Date): string {
  const base = `${file}.damaged-${now.toISOString().slice(0, 10)}`;
  let target = base;
  for (let n = 2; existsSync(target); n += 1) target = `${base}-${n}`;
  renameSync(file, target);
  for (const tail of ['-wal', '-shm']) if (existsSync(file + tail)) renameSync(file + tail, target + tail);
  return target;
}

/**
 * Runs `work` under an exclusive lock: of two processes that find the same damaged file, the second must not move the
 * new store of the first aside. Throws `SQLITE_BUSY` when another process holds the lock for all of `waitMs`.
 */
export function aloneWith<T>(lockFile: string, work: () => T, waitMs = 30_000): T {
  const done = withLockSync(lockFile, waitMs, work);
  if (done === null) throw new BusyError('another program is replacing it');
  return done.value;
}

/** Device and inode of a file, which survive a rename; null when there is no file. */
export function identityOf(file: string): string | null {
  const entry = statSync(file, { bigint: true, throwIfNoEntry: false });
  return entry ? `${entry.dev}:${entry.ino}` : null;
}

export function sleepMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function readHead(file: string, into: Buffer): number {
  const fd = openSync(file, 'r');
  try {
    return readSync(fd, into, 0, into.length, 0);
  } finally {
    closeSync(fd);
  }
}

/** Bytes 16 and 17 of the header; the value 1 means 65536. */
function pageSize(head: Buffer): number {
  const stored = head.readUInt16BE(16);
  return stored === 1 ? 65_536 : stored;
}
