import { createFolderFacts } from '../../../contract/runs/run-folders.ts';
import type { FolderFacts, RunFolder } from '../../../contract/runs/run-folders.ts';
import type { OutlineOrigin } from '../../store/index.ts';

/** Site and clock of the folder of an item. */
export type ItemFacts = FolderFacts & { readonly site: string };

/** A site without a name given by a person has the name of its folder. */
export function createFolders(
  stated: readonly RunFolder[],
): (item: Pick<OutlineOrigin, 'folder' | 'site'>) => ItemFacts {
  const factsOf = createFolderFacts(stated);
  const known = new Map<string, ItemFacts>();
  return ({ folder, site }) => {
    const key = `${folder}\n${site}`;
    const before = known.get(key);
    if (before) return before;
    const facts = factsOf(folder);
    const made = { ...facts, site: facts.site ?? site };
    known.set(key, made);
    return made;
  };
}
