import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Volume } from './volume.ts';

const run = promisify(execFile);

export const macMark = async (): Promise<string> => (await readdir('/Volumes').catch(() => [])).join('\n');

export async function macVolumes(): Promise<readonly Volume[]> {
  const places = (await readdir('/Volumes').catch(() => [])).map((name) => join('/Volumes', name));
  const found = await Promise.all(
    places.map(async (place) => {
      const asked = await run('diskutil', ['info', '-plist', place], { timeout: 10_000 }).catch(() => null);
      return asked && volumeInPlist(place, asked.stdout);
    }),
  );
  return found.filter((volume) => volume !== null);
}

/** What `diskutil info -plist` says of one volume. */
export function volumeInPlist(place: string, plist: string): Volume {
  const text = (key: string): string | null =>
    new RegExp(`<key>${key}</key>\\s*<string>([^<]*)</string>`, 'u').exec(plist)?.[1] || null;
  const is = (key: string): boolean => new RegExp(`<key>${key}</key>\\s*<true/>`, 'u').test(plist);
  return {
    place,
    id: text('VolumeUUID')?.toUpperCase() ?? null,
    label: text('VolumeName'),
    type: text('FilesystemType') ?? '',
    isRemovable: is('Ejectable') || is('RemovableMedia') || is('RemovableMediaOrExternalDevice'),
  };
}
