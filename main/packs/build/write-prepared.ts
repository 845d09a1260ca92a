import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { diskFault } from '../disk-fault.ts';
import { encodePng } from './png.ts';
import type { BuildRequest, Runner } from './request.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/**
 * Writes each golden photo and sample as the model gets it, before its values are scaled, as PNG files: a wrong crop or
 * channel order is visible at once there, and invisible in scores. Returns a note about them; null when not requested.
 */
export async function writePrepared(
  runner: Pick<Runner, 'prepare'>,
  { prepared, golden, samples }: Pick<BuildRequest, 'prepared' | 'golden' | 'samples'>,
  { preprocessing }: Pick<Manifest, 'preprocessing'>,
): Promise<Outcome<string | null>> {
  if (prepared === undefined) return ok(null);
  const photos = [
    ...new Set([
      ...golden.flatMap((each) => (each.kind === 'picture' ? [each.file] : [])),
      ...samples.map(({ file }) => file),
    ]),
  ];
  if (preprocessing.length === 0 || photos.length === 0)
    return failed('usage', {
      reason:
        preprocessing.length === 0
          ? '--prepared shows photos as the model gets them, and this pack takes raw tensors.'
          : '--prepared shows the photos of --golden and --sample, and there is none.',
      command: 'pack build',
    });
  const names = new Set<string>();
  for (const photo of photos) {
    const made = await runner.prepare(photo, preprocessing);
    if (!made.ok) return made;
    const file = join(prepared, freeName(basename(photo), names));
    try {
      await makeFolders(prepared);
      await writeFile(file, encodePng(made.value));
    } catch (error) {
      return diskFault(error, file);
    }
  }
  const count = photos.length === 1 ? 'One photo is' : `${photos.length} photos are`;
  return ok(`${count} in ${prepared} as the model gets them, before their values are scaled.`);
}

/** Two photos may have the same base name: `a.jpg` and `a.png`, or from two folders. */
function freeName(photo: string, names: Set<string>): string {
  let name = `${photo}.png`;
  for (let number = 2; names.has(name.toLowerCase()); number += 1) name = `${photo}-${number}.png`;
  names.add(name.toLowerCase());
  return name;
}
