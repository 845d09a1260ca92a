import { basename } from 'node:path';
import type { Found } from '../files/index.ts';

/**
 * How a run calls what it finds: its way below the folder that was given, with `/` between the steps; where several inputs
 * were, the folder's own name stands first. What was named itself has its name alone.
 */
export function runName({ path, below }: Pick<Found, 'path' | 'below'>, hasSeveralInputs: boolean): string {
  if (below === '') return basename(path) || path;
  if (!hasSeveralInputs) return below;
  let root = path;
  for (let steps = below.split('/').length; steps > 0; steps -= 1)
    root = root.slice(0, separatorBefore(root));
  const own = basename(root);
  return own === '' ? below : `${own}/${below}`;
}

const separatorBefore = (path: string): number =>
  Math.max(path.lastIndexOf('/'), process.platform === 'win32' ? path.lastIndexOf('\\') : -1);

/** The folder and the name out of what `runName` gave. */
export function namedPlace(name: string): { readonly folder: string; readonly name: string } {
  const at = name.lastIndexOf('/');
  return { folder: name.slice(0, Math.max(0, at)), name: name.slice(at + 1) };
}
