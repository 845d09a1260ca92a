import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { ownMark } from '../../lib/process-mark.ts';
import { extractOutpack } from '../archive/extract.ts';
import type { ExtractOptions } from '../archive/extract.ts';
import { diskFault } from '../disk-fault.ts';
import type { Pack } from '../types.ts';
import { validateModels } from '../graph/models.ts';
import { manifestName, readManifest } from '../manifest.ts';
import type { StagedPack } from './types.ts';
import { discardPack } from './install-staged.ts';
import { verifyPack } from '../verify.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/** Unpacks and verifies; on failure nothing is left behind. */
export async function stageArchive(
  packStore: string,
  file: string,
  options: ExtractOptions,
): Promise<Outcome<StagedPack>> {
  return staging(packStore, async (folder) => {
    const extracted = await extractOutpack(file, folder, options);
    if (!extracted.ok) return extracted;
    const fault = await validateModels(folder, extracted.value.manifest);
    return fault ? { ok: false, fault } : extracted;
  });
}

/** Copies the files of the manifest and verifies the copy, since the source may change meanwhile. */
export async function stageFolder(
  packStore: string,
  source: string,
  options: ExtractOptions,
): Promise<Outcome<StagedPack>> {
  const name = basename(source);
  const read = await readManifest(source, name, options.appVersion);
  if (!read.ok) return read;
  const { manifest, digest, bytes } = read.value;
  const pack: Pack = {
    ref: `${manifest.id}@${manifest.version}`,
    folder: source,
    manifest,
    digest,
    trust: 'local',
    sizeBytes: manifest.files.reduce((sum, each) => sum + each.size, bytes),
    labelCount: 0,
  };
  const before = await verifyPack(pack);
  const wrong = before.files.find((row) => row.fault)?.fault;
  if (wrong) return { ok: false, fault: wrong };
  return staging(packStore, async (folder) => {
    for (const path of [manifestName, ...manifest.files.map((each) => each.path)]) {
      if (options.signal?.aborted) return failed('cancelled');
      await makeFolders(dirname(join(folder, path)));
      await copyFile(join(source, path), join(folder, path), constants.COPYFILE_FICLONE);
      await chmod(join(folder, path), 0o444);
      await syncFile(join(folder, path));
    }
    const after = await verifyPack({ ...pack, folder });
    const fault = after.files.find((row) => row.fault)?.fault;
    return fault ? { ok: false, fault } : ok({ folder, manifest, digest, sizeBytes: pack.sizeBytes });
  });
}

/** Windows cannot sync a file that is open for reading only. */
async function syncFile(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function staging(
  packStore: string,
  fill: (folder: string) => Promise<Outcome<StagedPack>>,
): Promise<Outcome<StagedPack>> {
  // Named after its process, so that a cleanup by another one leaves it alone.
  const folder = join(packStore, '.staging', `${ownMark()}-${randomUUID()}`);
  try {
    await makeFolders(folder);
    const filled = await fill(folder);
    if (!filled.ok) await discardPack(folder);
    return filled;
  } catch (error) {
    await discardPack(folder).catch(() => undefined);
    return diskFault(error, folder);
  }
}
