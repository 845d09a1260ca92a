import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { fsPath, nameOf } from '../file-names.ts';
import { asBuffer } from '../as-buffer.ts';
import { linuxMark, linuxVolumes } from './linux.ts';
import { macMark, macVolumes } from './macos.ts';
import type { Volume } from './volume.ts';
import { windowsMark, windowsVolumes } from './windows.ts';

export type { Volume } from './volume.ts';

/** The mounted file systems of this computer that lie on a device; none where the system cannot be asked. */
export function listVolumes(): Promise<readonly Volume[]> {
  if (process.platform === 'win32') return windowsVolumes();
  return process.platform === 'darwin' ? macVolumes() : linuxVolumes();
}

/** A text that changes when a volume comes or goes, found without asking any of them: it may be compared every second. */
export function markVolumes(): Promise<string> {
  if (process.platform === 'win32') return windowsMark();
  return process.platform === 'darwin' ? macMark() : linuxMark();
}

/** The one that a folder lies on; null where it is not there, or on none that can be told. */
export async function volumeOf(folder: string): Promise<Volume | null> {
  const [real, volumes] = await Promise.all([
    realpath(fsPath(folder), { encoding: 'buffer' }).catch(() => null),
    listVolumes(),
  ]);
  if (real === null) return null;
  const path = nameOf(asBuffer(real));
  const device = await deviceOf(path);
  // What was mounted last over the same place is what is seen there.
  const around = volumes
    .filter(({ place }) => path === place || path.startsWith(withEnd(place)))
    .reverse()
    .sort((one, other) => other.place.length - one.place.length);
  // What has no device of its own, as a drive of the network or of the memory, is not the volume around it.
  for (const volume of around) if ((await deviceOf(volume.place)) === device) return volume;
  return null;
}

const deviceOf = async (path: string): Promise<bigint | null> =>
  (await stat(fsPath(path), { bigint: true }).catch(() => null))?.dev ?? null;

const withEnd = (place: string): string => (place.endsWith(sep) ? place : `${place}${sep}`);
