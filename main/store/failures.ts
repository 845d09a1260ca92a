/** Why SQLite or the file system refused, as far as the store acts differently on it. */
export type FailureKind = 'damaged' | 'busy' | 'read-only' | 'disk-full' | 'bug';

const exact: Readonly<Record<string, FailureKind>> = {
  SQLITE_NOTADB: 'damaged',
  SQLITE_FULL: 'disk-full',
  SQLITE_IOERR_SHMSIZE: 'disk-full',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
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
/** Extended codes: what matters is how they begin. */
const families: readonly (readonly [string, FailureKind])[] = [
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'read-only'],
  ['SQLITE_IOERR', 'read-only'],
];

export function failureKind(error: unknown): FailureKind {
  const code = codeOf(error);
  return exact[code] ?? families.find(([start]) => code.startsWith(start))?.[1] ?? 'bug';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Found to be damaged by looking, not by a failed statement. */
export class DamagedError extends Error {
  readonly code = 'SQLITE_CORRUPT';
}

/** Another process is at work on it. */
export class BusyError extends Error {
  readonly code = 'SQLITE_BUSY';
}

/** Made by a newer Outpost: to be left alone. */
export class NewerStoreError extends Error {
  readonly code = 'EPERM';
}
