import { statSync } from 'node:fs';

/**
 * What a path leads to when that is no regular file; null for a file, and for what is not there.
 * Asked before a file that a person named is opened: a FIFO lets nobody through until somebody writes, a device for ever.
 */
export function irregularKind(path: string): 'folder' | 'fifo' | 'socket' | 'device' | null {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry || entry.isFile()) return null;
  if (entry.isDirectory()) return 'folder';
  if (entry.isFIFO()) return 'fifo';
  return entry.isSocket() ? 'socket' : 'device';
}
