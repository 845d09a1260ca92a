import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';

/**
 * The file below the granted root that an item names. Neither `..` nor a link leads out of the root: what lies outside is
 * answered as if it were not there.
 */
export async function sharedFile(root: string, path: string): Promise<Outcome<string>> {
  const missing = failed('file-not-found', { file: path });
  if (isAbsolute(path) || path.includes('\0')) return missing;
  try {
    const granted = await realpath(root);
    const place = resolve(granted, path);
    // Before anything is touched: a question about a place outside is not even asked of the disk.
    if (!isBelow(granted, place)) return missing;
    const real = await realpath(place);
    return isBelow(granted, real) ? ok(real) : missing;
  } catch {
    return missing;
  }
}

/** The place of a file below the root as it stands in an item, or null when it lies elsewhere. */
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
