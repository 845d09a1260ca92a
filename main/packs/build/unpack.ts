import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { extractOutpack } from '../archive/extract.ts';
import { diskFault } from '../disk-fault.ts';
import type { StagedPack } from '../pack-store/types.ts';
import { makeFolders } from '../../lib/make-folders.ts';
import { nextPartial } from '../../lib/partials.ts';

/** Unpacks atomically, with every byte verified. A folder that is not empty is left alone. */
export async function unpack(file: string, to: string, appVersion: string): Promise<Outcome<StagedPack>> {
  const folder = resolve(to);
  try {
    const present = await readdir(folder).catch(() => []);
    if (present.length > 0) return failed('usage', { reason: `${to} is not empty.`, command: 'pack unpack' });
    await makeFolders(dirname(folder));
    const staging = await nextPartial(folder);
    await mkdir(staging, { mode: 0o755 });
    try {
      const extracted = await extractOutpack(file, staging, { appVersion });
      if (!extracted.ok) return extracted;
      await rm(folder, { recursive: true, force: true });
      await rename(staging, folder);
      return { ok: true, value: { ...extracted.value, folder } };
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  } catch (error) {
    return diskFault(error, to);
  }
}
