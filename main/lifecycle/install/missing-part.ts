import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import type { PackPart } from '../../../contract/packs/pack-parts.ts';
import type { Library } from '../../packs/index.ts';

/** The first part of a composed pack that no installed pack can play, with its fault. */
export function missingPart(
  library: Library,
  { id, version, parts = [] }: Pick<Manifest, 'id' | 'version' | 'parts'>,
): { readonly part: PackPart; readonly fault: Fault } | null {
  const part = parts.find((each) => library.fitting(each) === null);
  return part
    ? {
        part,
        fault: fault('pack-part-missing', {
          model: `${id}@${version}`,
          part: part.pack,
          versions: part.versions,
        }),
      }
    : null;
}
