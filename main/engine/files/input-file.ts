import { stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { resolve } from 'node:path';
import { isMissing, systemCode } from '../../../contract/faults/disk-faults.ts';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { reason, systemReason, type PlainReason } from '../../../contract/faults/reasons.ts';
import { fsPath } from '../../lib/file-names.ts';
import { kindOfFile } from '../../lib/regular-file.ts';
import { sha256OfFile } from '../../lib/sha256.ts';
import type { FileIdentity } from '../../store/index.ts';

/**
 * A file written this recently may be written again within the same tick of its file system's clock, so that path, size
 * and time would not tell the two apart.
 */
const settledAfterMs = 2_000;

/** What tells the file from another and from itself before a change, or why it cannot be an input. */
export async function identify(path: string, name: string): Promise<Outcome<FileIdentity>> {
  const place = resolve(path);
  let stats: BigIntStats;
  try {
    stats = await stat(fsPath(place), { bigint: true });
  } catch (error) {
    return { ok: false, fault: fileFault(error, name) };
  }
  if (!stats.isFile()) return { ok: false, fault: notAFile(stats, name) };
  if (stats.size === 0n) return failed('file-empty', { file: name });
  return ok({ path: place, size: Number(stats.size), mtimeNs: stats.mtimeNs, inode: stats.ino });
}

export const isSettled = ({ mtimeNs }: FileIdentity): boolean =>
  Date.now() - Number(mtimeNs / 1_000_000n) > settledAfterMs;

export const isSameFile = (one: FileIdentity | null, other: FileIdentity): boolean =>
  one !== null &&
  one.path === other.path &&
  one.size === other.size &&
  one.mtimeNs === other.mtimeNs &&
  one.inode === other.inode;

/** Null for a file that cannot be read. */
export const hashFile = (path: string): Promise<string | null> => sha256OfFile(path).catch(() => null);

export function fileFault(error: unknown, name: string): Fault {
  const known = reasons[codeOf(error)];
  if (isMissing(error)) return fault('file-not-found', { file: name });
  return fault('file-unreadable', { file: name, reason: known ? reason(known) : systemReason(error) });
}

/** A folder, or what may be one, that could not be looked into: nothing in it was answered. */
export function folderFault(error: unknown, name: string): Fault {
  const known = reasons[codeOf(error)];
  return fault('folder-unreadable', { file: name, reason: known ? reason(known) : systemReason(error) });
}

const codeOf = (error: unknown): string => systemCode(error) ?? String(error);

const silent = 'drive-silent';
const reasons: Readonly<Record<string, PlainReason>> = {
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  ELOOP: 'links-in-circle',
  ENAMETOOLONG: 'path-too-long',
  ENOTCONN: silent,
  ESTALE: silent,
  EHOSTDOWN: silent,
  EHOSTUNREACH: silent,
  ETIMEDOUT: silent,
  ENODEV: silent,
  ENXIO: silent,
  EIO: 'disk-cannot-read',
  ENOENT: 'gone-meanwhile',
};

export const notAFile = (stats: FileStats, name: string): Fault => {
  const kind = kindOfFile(stats);
  return fault('not-a-file', {
    file: name,
    what: reason(kind === 'fifo' ? 'pipe' : kind === 'folder' || kind === 'socket' ? kind : 'device'),
  });
};
type FileStats = Parameters<typeof kindOfFile>[0];
