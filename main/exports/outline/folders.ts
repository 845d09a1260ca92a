import { basename, dirname } from 'node:path';
import type { RunFolder } from '../../../contract/export.ts';
import type { OutlineItem } from '../../store/index.ts';
import type { Place } from './places.ts';

/** What is known of the folder that an item lies in. */
export type FolderFacts = { readonly site: string; readonly place: Place | null; readonly shiftS: number };

/** Folders that cameras make on every card and that say nothing of the site: `DCIM` and `100RECNX`. Source: JEITA CP-3461 (DCF). */
const isOfCard = (step: string): boolean => /^(?:DCIM|\d{3}[A-Z0-9_]{5})$/iu.test(step);

/**
 * Facts of items' folders: what a person said of the folder or of the nearest one above it. A site that nobody named is
 * called by the folders that the photos lie in, or by the folder or card that was given.
 */
export function createFolders(
  stated: readonly RunFolder[],
): (item: Pick<OutlineItem, 'name' | 'input'>) => FolderFacts {
  const byFolder = new Map(stated.map((each) => [each.folder, each]));
  const known = new Map<string, FolderFacts>();
  const nearest = <T>(steps: readonly string[], of: (folder: RunFolder) => T | null): T | null => {
    for (let length = steps.length; length >= 0; length -= 1) {
      const folder = byFolder.get(steps.slice(0, length).join('/'));
      const found = folder ? of(folder) : null;
      if (found !== null) return found;
    }
    return null;
  };
  return ({ name, input }) => {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    const key = folder === '' ? `\n${input ?? ''}` : folder;
    const before = known.get(key);
    if (before) return before;
    const steps = folder === '' ? [] : folder.split('/');
    const facts = {
      site: nearest(steps, ({ site }) => site) ?? siteOf(steps, { name, input }),
      place: nearest(steps, ({ latitude, longitude }) =>
        latitude === null || longitude === null ? null : { latitude, longitude },
      ),
      shiftS: nearest(steps, ({ shiftS }) => shiftS) ?? 0,
    };
    known.set(key, facts);
    return facts;
  };
}

function siteOf(steps: readonly string[], { name, input }: Pick<OutlineItem, 'name' | 'input'>): string {
  const own = steps.filter((step) => !isOfCard(step));
  if (own.length > 0) return own.join('/');
  // An input may be the photo itself, or the folder that a camera made.
  let root = input ?? '';
  if (basename(root) === name) root = dirname(root);
  while (isOfCard(basename(root)) && dirname(root) !== root) root = dirname(root);
  return basename(root) || 'site';
}
