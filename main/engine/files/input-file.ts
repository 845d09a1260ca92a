import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { resolve } from 'node:path';
import { failed, fault, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { reason, systemReason, type PlainReason } from '../../../contract/reasons.ts';
import { fsPath } from '../../lib/file-names.ts';
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
  if (!stats.isFile()) return failed('not-a-file', { file: name, what: reason(kindOf(stats)) });
  if (stats.size === 0n) return failed('file-empty', { file: name });
  return ok({ path: place, size: Number(stats.size), mtimeNs: stats.mtimeNs, inode: stats.ino });
}

export const isSettled = ({ mtimeNs }: FileIdentity): boolean =>
  Date.now() - Number(mtimeNs / 1_000_000n) > settledAfterMs;

export const isSameFile = (one: FileIdentity, other: FileIdentity): boolean =>
  one.path === other.path &&
  one.size === other.size &&
  one.mtimeNs === other.mtimeNs &&
  one.inode === other.inode;

export async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(fsPath(path), { highWaterMark: 1024 ** 2 }))
      hash.update(chunk as Buffer);
  } catch {
    return null;
  }
  return `sha256:${hash.digest('hex')}`;
}

export function fileFault(error: unknown, name: string): Fault {
  const code = codeOf(error);
  const known = reasons[code];
  if (code === 'ENOENT' || code === 'ENOTDIR') return fault('file-not-found', { file: name });
  return fault('file-unreadable', { file: name, reason: known ? reason(known) : systemReason(error) });
}

/** A folder, or what may be one, that could not be looked into: nothing in it was answered. */
export function folderFault(error: unknown, name: string): Fault {
  const known = reasons[codeOf(error)];
  return fault('folder-unreadable', { file: name, reason: known ? reason(known) : systemReason(error) });
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

const gone = 'drive-silent';
const reasons: Readonly<Record<string, PlainReason>> = {
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  ELOOP: 'links-in-circle',
  ENAMETOOLONG: 'path-too-long',
  ENOTCONN: gone,
  ESTALE: gone,
  EHOSTDOWN: gone,
  EHOSTUNREACH: gone,
  ETIMEDOUT: gone,
  ENODEV: gone,
  ENXIO: gone,
  EIO: 'disk-cannot-read',
  ENOENT: 'gone-meanwhile',
};

export function kindOf(
  stats: Pick<BigIntStats, 'isDirectory' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>,
): 'folder' | 'pipe' | 'socket' | 'device' {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  return 'device';
}
