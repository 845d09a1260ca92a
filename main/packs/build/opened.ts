import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Digest } from '../../../contract/ids.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { openScratch } from '../../lib/scratch.ts';
import { extractOutpack, readOutpackHead } from '../archive/extract.ts';
import { diskFault } from '../disk-fault.ts';
import type { Pack } from '../types.ts';
import { readManifest } from '../manifest.ts';

export type Form = 'archive' | 'folder';
export type Head = { readonly form: Form; readonly manifest: Manifest; readonly digest: Digest };

/** Reads the manifest of an archive or a folder, and nothing else. */
export async function readHead(place: string, appVersion: string): Promise<Outcome<Head>> {
  const form = await formOf(place);
  if (!form.ok) return form;
  const read =
    form.value === 'folder'
      ? await readManifest(place, basename(place), appVersion)
      : await readOutpackHead(place, { appVersion });
  if (!read.ok) return read;
  const { manifest, digest } = read.value;
  return ok({ form: form.value, manifest, digest });
}

/** Runs `work` on a pack as a folder; an archive is first unpacked to a temporary folder, with every byte verified. */
export async function withPack<T>(
  place: string,
  appVersion: string,
  work: (pack: Pack) => Promise<T>,
): Promise<Outcome<T>> {
  const head = await readHead(place, appVersion);
  if (!head.ok) return head;
  const { form, manifest, digest } = head.value;
  const pack = (folder: string): Pack => ({
    ref: `${manifest.id}@${manifest.version}`,
    folder,
    manifest,
    digest,
    trust: 'local',
    sizeBytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
    labelCount: 0,
  });
  if (form === 'folder') return ok(await work(pack(place)));
  const scratch = await openScratch('pack');
  try {
    // A subfolder, since the scratch folder's lock file does not belong to the pack.
    const folder = join(scratch.path, 'pack');
    await mkdir(folder);
    const extracted = await extractOutpack(place, folder, { appVersion });
    return extracted.ok ? ok(await work(pack(folder))) : extracted;
  } finally {
    await scratch.close();
  }
}

async function formOf(place: string): Promise<Outcome<Form>> {
  try {
    return ok((await stat(place)).isDirectory() ? 'folder' : 'archive');
  } catch (error) {
    return diskFault(error, place);
  }
}
