import { statSync } from 'node:fs';

/**
 * What a path leads to when that is no regular file, as in "it is a FIFO"; null for a file, and for what is not there.
 * Asked before a file that a person named is opened: a FIFO lets nobody through until somebody writes, a device for ever.
 */
export function whyNotRegular(path: string): string | null {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry || entry.isFile()) return null;
  if (entry.isDirectory()) return 'it is a folder';
  if (entry.isFIFO()) return 'it is a FIFO';
  return entry.isSocket() ? 'it is a socket' : 'it is a device';
}
