import { statSync, type StatsBase } from 'node:fs';

export type FileKind = 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';

/** The kind of a file system entry, from its stats. */
export function kindOfFile(stats: Pick<StatsBase<number | bigint>, Question>): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
}
type Question = 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket';

/**
 * The kind of what a path leads to if it is not a regular file; null for a regular file, and when nothing is there.
 * Checked before a file named by the user is opened: opening a FIFO blocks until it has a writer, and a device may
 * never end.
 */
export function irregularKind(path: string): Exclude<FileKind, 'file' | 'link'> | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  const kind = stats ? kindOfFile(stats) : 'file';
  return kind === 'file' || kind === 'link' ? null : kind;
}
