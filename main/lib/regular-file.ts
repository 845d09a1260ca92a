import { statSync, type StatsBase } from 'node:fs';

export type FileKind = 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';

/** What kind of thing an entry of a file system is, from its stats. */
export function kindOfFile(stats: Pick<StatsBase<number | bigint>, Question>): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
}
type Question = 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket';

/**
 * What a path leads to when that is no regular file; null for a file, and for what is not there.
 * Asked before a file that a person named is opened: a FIFO lets nobody through until somebody writes, a device for ever.
 */
export function irregularKind(path: string): Exclude<FileKind, 'file' | 'link'> | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  const kind = stats ? kindOfFile(stats) : 'file';
  return kind === 'file' || kind === 'link' ? null : kind;
}
