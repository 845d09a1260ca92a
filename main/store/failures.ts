import { isDiskFull, systemCode } from '../../contract/faults/disk-faults.ts';

/** Why SQLite or the file system refused, in the classes that the store handles differently. */
type FailureKind = 'damaged' | 'busy' | 'read-only' | 'disk-full' | 'bug';

const exact: Readonly<Record<string, FailureKind>> = {
  SQLITE_NOTADB: 'damaged',
  SQLITE_FULL: 'disk-full',
  SQLITE_IOERR_SHMSIZE: 'disk-full',
  SQLITE_LOCKED: 'busy',
  SQLITE_PERM: 'read-only',
  SQLITE_AUTH: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
  EISDIR: 'read-only',
  ENOTDIR: 'read-only',
  EEXIST: 'read-only',
  EIO: 'read-only',
};
/** Prefixes of SQLite's extended error codes. */
const families: readonly (readonly [string, FailureKind])[] = [
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'read-only'],
  ['SQLITE_IOERR', 'read-only'],
];

export function failureKind(error: unknown): FailureKind {
  if (isDiskFull(error)) return 'disk-full';
  const code = systemCode(error) ?? '';
  return exact[code] ?? families.find(([start]) => code.startsWith(start))?.[1] ?? 'bug';
}

/** Damage found by an explicit check, not reported by a statement. */
export class DamagedError extends Error {
  readonly code = 'SQLITE_CORRUPT';
}

/** Another process holds the lock. */
export class BusyError extends Error {
  readonly code = 'SQLITE_BUSY';
}

/** Written by a newer Outpost: must not be changed. */
export class NewerStoreError extends Error {
  readonly code = 'EPERM';
}
