import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

const header = 'SQLite format 3\0';

/** What is wrong with the file, in plain words that complete "could not be opened: …". */
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

/** Moves the file with its companions aside and gives back the new name. Nothing is deleted or overwritten. */
export function moveAside(file: string, now: Date): string {
  const base = `${file}.damaged-${now.toISOString().slice(0, 10)}`;
  let target = base;
  for (let n = 2; existsSync(target); n += 1) target = `${base}-${n}`;
  renameSync(file, target);
  for (const tail of ['-wal', '-shm']) if (existsSync(file + tail)) renameSync(file + tail, target + tail);
  return target;
}

/**
 * Runs `work` while no other process does: of two that meet the same damaged file, the second must not move aside the
 * new store of the first. A lock whose process is gone is taken over.
 */
export function aloneWith<T>(lockFile: string, work: () => T): T {
  const deadline = Date.now() + 10_000;
  while (!tryLock(lockFile)) {
    if (isStale(lockFile) || Date.now() > deadline) rmSync(lockFile, { force: true });
    else sleepMs(20);
  }
  try {
    return work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

export function sleepMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function tryLock(lockFile: string): boolean {
  try {
    const fd = openSync(lockFile, 'wx', 0o600);
    writeSync(fd, String(process.pid));
    closeSync(fd);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(lockFile: string): boolean {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    return pid > 0 && !isAlive(pid);
  } catch {
    return false;
  }
}

function readHead(file: string, into: Buffer): number {
  const fd = openSync(file, 'r');
  try {
    return readSync(fd, into, 0, into.length, 0);
  } finally {
    closeSync(fd);
  }
}

/** Bytes 16 and 17 of the header; 1 stands for 65536. */
function pageSize(head: Buffer): number {
  const stored = head.readUInt16BE(16);
  return stored === 1 ? 65_536 : stored;
}
