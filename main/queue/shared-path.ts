import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';

/**
 * Resolves the path of an item below the shared root. Neither `..` nor a symbolic link leads out of it: files outside
 * get the same fault as missing ones.
 */
export async function sharedFile(root: string, path: string): Promise<Outcome<string>> {
  const missing = failed('file-not-found', { file: path });
  if (isAbsolute(path) || path.includes('\0')) return missing;
  try {
    const granted = await realpath(root);
    const place = resolve(granted, path);
    // Before any file system call: whether a path outside exists must not be observable.
    if (!isBelow(granted, place)) return missing;
    const real = await realpath(place);
    return isBelow(granted, real) ? ok(real) : missing;
  } catch {
    return missing;
  }
}

/** The path of a file relative to the root, as an item carries it; null if it is outside. */
export async function sharedName(root: string, file: string): Promise<string | null> {
  try {
    const [granted, real] = await Promise.all([realpath(root), realpath(file)]);
    return isBelow(granted, real) ? relative(granted, real).split(sep).join('/') : null;
  } catch {
    return null;
  }
}

function isBelow(root: string, place: string): boolean {
  const way = relative(root, place);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
