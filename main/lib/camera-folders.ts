import { basename, dirname } from 'node:path';

/** Folders that cameras make on every card and that say nothing of the site: `DCIM` and `100RECNX`. Source: JEITA CP-3461 (DCF). */
const isOfCard = (step: string): boolean => /^(?:DCIM|\d{3}[A-Z0-9_]{5})$/iu.test(step);

/**
 * What folders call the site of a photo: those that it lies in below what was given; null where they are only such as a camera
 * makes.
 */
export function siteOfFolders(folder: string): string | null {
  const own = folder.split('/').filter((step) => step !== '' && !isOfCard(step));
  return own.length > 0 ? own.join('/') : null;
}

/** The same of the folder or card that was given itself: an input may be the photo, or a folder that a camera made. */
export function siteOfInput(input: string, { isPhoto }: { readonly isPhoto: boolean }): string {
  let root = isPhoto ? dirname(input) : input;
  while (isOfCard(basename(root)) && dirname(root) !== root) root = dirname(root);
  return basename(root) || 'site';
}
