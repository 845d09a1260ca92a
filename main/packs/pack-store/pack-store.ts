import { readdir, rm, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { isLocked, takeLock } from '../../lib/lock.ts';
import { markPattern, mayBeUsed } from '../../lib/process-mark.ts';
import { writeOutpack } from '../archive/write.ts';
import { diskFault } from '../disk-fault.ts';
import { readManifest } from '../manifest.ts';
import type { PackStore } from './types.ts';
import {
  raiseRatchets,
  readPointers,
  readRatchets,
  readReceipt,
  removePointer,
  writePointer,
} from './files.ts';
import { discardPack, installStaged, removePack } from './install-staged.ts';
import { stageArchive, stageFolder } from './stage.ts';
import { makeFolders } from '../../lib/make-folders.ts';

type PackStoreOptions = { readonly folder: string; readonly appVersion: string };
const defaultWaitMs = 5_000;

/** The packs that a user added; its folder is created with the first one. */
export function openPackStore({ folder, appVersion }: PackStoreOptions): PackStore {
  const named = { folder, appVersion };
  return {
    folder,
    stagingFile: async (name) => {
      await makeFolders(join(folder, '.staging'));
      return join(folder, '.staging', basename(name));
    },
    stageArchive: (file, options = {}) => stageArchive(folder, file, { appVersion, ...options }),
    stageFolder: (source, options = {}) => stageFolder(folder, source, { appVersion, ...options }),
    place: (staged, receipt) => installStaged(named, staged, receipt),
    discard: ({ folder: staged }) => discardPack(staged),
    remove: async (model, version) => {
      const place = await findVersion(folder, model, version);
      return place === null
        ? failed('version-not-installed', { model: `${model}@${version}` })
        : removePack(folder, place);
    },
    receipt: async (model, version) => {
      const place = await findVersion(folder, model, version);
      return place === null ? null : readReceipt(place);
    },
    pointers: () => readPointers(folder),
    writePointer: (model, pointer) => writePointer(folder, model, pointer),
    removePointer: (model) => removePointer(folder, model),
    ratchets: () => readRatchets(folder),
    raiseRatchets: (values) => raiseRatchets(folder, values),
    lock: async ({ waitMs = defaultWaitMs } = {}) => {
      const made = await makeFolder(folder);
      return made.ok ? lockFolder(join(folder, '.lock'), folder, waitMs) : made;
    },
    recover: async (keep = []) => {
      await sweep(join(folder, '.staging'), new Set(keep.map((name) => basename(name))));
      await sweep(join(folder, '.trash'), new Set());
    },
    workLock: async (model, version) => {
      if (!(await makeFolder(folder)).ok) return null;
      const held = await lockFolder(join(folder, `.work-${model}-${version}`), folder, 0);
      return held.ok ? held.value : null;
    },
    isWorkedOn: async (model, version) => isLocked(join(folder, `.work-${model}-${version}`)),
    writeArchive: async (packFolder, file, options) => {
      const read = await readManifest(packFolder, basename(packFolder), appVersion);
      return read.ok
        ? writeOutpack({ folder: packFolder, manifest: read.value.manifest }, file, options)
        : read;
    },
    freeBytes: async () => {
      await makeFolders(folder);
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

async function lockFolder(
  file: string,
  folder: string,
  waitMs: number,
): Promise<Outcome<() => Promise<void>>> {
  try {
    const release = await takeLock(file, waitMs);
    return release ? ok(release) : failed('lifecycle-locked', { folder });
  } catch (error) {
    return diskFault(error, file);
  }
}

async function makeFolder(folder: string): Promise<Outcome<void>> {
  try {
    await makeFolders(folder);
    return ok(undefined);
  } catch (error) {
    return diskFault(error, folder);
  }
}

async function findVersion(folder: string, model: string, version: string): Promise<string | null> {
  const names = await readdir(join(folder, model)).catch(() => []);
  const found = names.find(
    (name) => name.startsWith(`${version}-`) && /^[0-9a-f]{12}$/u.test(name.slice(version.length + 1)),
  );
  return found === undefined ? null : join(folder, model, found);
}

async function sweep(place: string, keep: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(place, { withFileTypes: true }).catch(() => [])) {
    const left = join(place, entry.name);
    if (keep.has(entry.name) || (await isInUse(left))) continue;
    if (entry.isDirectory()) await discardPack(left);
    else await rm(left, { force: true });
  }
}

/** Files in use carry the mark of their process. */
async function isInUse(left: string): Promise<boolean> {
  const mark = inUse.exec(basename(left))?.[1];
  return mark !== undefined && mayBeUsed(left, mark);
}
const inUse = new RegExp(`^(?:basis-.*-)?(${markPattern})(?:-[0-9a-f-]{36}|[.]outpack)$`, 'u');
