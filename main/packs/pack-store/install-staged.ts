import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { draftEnding, syncFolder, writeDurably } from '../../lib/durable.ts';
import { hexOf } from '../../lib/sha256.ts';
import { diskFault } from '../disk-fault.ts';
import { readManifest } from '../manifest.ts';
import { readReceipt, receiptPath } from './files.ts';
import type { Receipt, StagedPack } from './types.ts';
import { verifyPack } from '../verify.ts';
import { makeFolders } from '../../lib/make-folders.ts';

type Named = { readonly folder: string; readonly appVersion: string };

/** `<version>-<first 12 digits of the digest>`: the folder is named by its content. */
export const packFolderName = (version: string, digest: string): string =>
  `${version}-${hexOf(digest).slice(0, 12)}`;

/** Writes the receipt first, then renames once: an installed pack always has its receipt. */
export async function installStaged(
  { folder, appVersion }: Named,
  staged: StagedPack,
  receipt: Receipt,
): Promise<Outcome<{ folder: string }>> {
  const { id, version } = staged.manifest;
  const home = join(folder, id);
  const place = join(home, packFolderName(version, staged.digest));
  try {
    const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
    const others = entries
      .filter((entry) => entry.isDirectory() && entry.name.startsWith(`${version}-`))
      .map(({ name }) => name);
    // A kill while a receipt is written leaves a draft of it, which belongs to no pack.
    for (const { name } of entries)
      if (name.endsWith(draftEnding)) await rm(join(home, name), { force: true });
    for (const name of others)
      if (join(home, name) !== place) return failed('pack-exists', { model: `${id}@${version}` });
    if (others.length > 0 && (await isWhole(place, appVersion))) {
      const known = await readReceipt(place);
      // A pack that was installed unsigned is now known to be signed.
      if (receipt.signer && !known?.signer) await writeReceipt(place, receipt);
      await discardPack(staged.folder);
      return ok({ folder: place });
    }
    await makeFolders(home);
    await writeReceipt(place, receipt);
    // A damaged pack with this name is moved to the trash.
    if (others.length > 0) await moveToTrash(folder, place);
    await rename(staged.folder, place);
    await makeReadOnly(place);
    await syncFolder(home);
    return ok({ folder: place });
  } catch (error) {
    return diskFault(error, place);
  }
}

const writeReceipt = (place: string, receipt: Receipt): Promise<void> =>
  writeDurably(receiptPath(place), `${JSON.stringify(receipt, null, 2)}\n`);

/** Removes a pack from the library by one rename; what a kill leaves in the trash is deleted later. */
export async function removePack(folder: string, place: string): Promise<Outcome<void>> {
  try {
    const trash = await moveToTrash(folder, place);
    await rm(receiptPath(place), { force: true });
    await syncFolder(dirname(place));
    await rm(trash, { recursive: true, force: true });
    return ok(undefined);
  } catch (error) {
    return diskFault(error, place);
  }
}

export async function discardPack(staged: string): Promise<void> {
  await makeWritable(staged);
  await rm(staged, { recursive: true, force: true });
}

async function moveToTrash(folder: string, place: string): Promise<string> {
  const trash = join(folder, '.trash');
  await makeFolders(trash);
  const trashPath = join(trash, randomUUID());
  // A folder without write permission can be neither moved nor emptied.
  await makeWritable(place);
  await rename(place, trashPath);
  return trashPath;
}

async function isWhole(place: string, appVersion: string): Promise<boolean> {
  const read = await readManifest(place, place, appVersion);
  if (!read.ok) return false;
  const { manifest, digest } = read.value;
  const pack = { ref: `${manifest.id}@${manifest.version}`, folder: place, manifest, digest };
  return (await verifyPack({ ...pack, trust: 'local', sizeBytes: 0, labelCount: 0 })).passed;
}

const makeReadOnly = (folder: string): Promise<void> => setModes(folder, 0o555);
const makeWritable = (folder: string): Promise<void> => setModes(folder, 0o755);

/** Folders only: files are read-only from the start. */
async function setModes(folder: string, mode: number): Promise<void> {
  if (process.platform === 'win32') return;
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await setModes(join(folder, entry.name), mode);
  await chmod(folder, mode);
}
