import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isMissing } from '../../contract/faults/disk-faults.ts';
import { fault } from '../../contract/faults/faults.ts';
import { syncFolder } from '../lib/durable.ts';
import { fsPath } from '../lib/file-names.ts';
import { ExportError } from './types.ts';
import { makeFolders } from '../lib/make-folders.ts';

/** An output folder that grows file by file, each written atomically; the same export started again writes what is missing. */
type GrowingFolder = {
  /** Whether an earlier attempt wrote the file. `path` is relative to the folder, with `/` as separator. */
  has(path: string): Promise<boolean>;
  /** Writes a file. One at a time. */
  add(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes the marker: the export is complete. */
  finish(): Promise<void>;
};

/** Marker file: identifies the unfinished export in the folder. */
const markerName = '.outpost-export.json';
/** Temporary name of the file being written; a killed process leaves at most one. */
const draftName = '.outpost-export.partial';

/** `mark` identifies this export. Throws an `ExportError` if the folder holds files of anything else. */
export async function openGrowingFolder(out: string, mark: object): Promise<GrowingFolder> {
  const target = resolve(out);
  const marker = join(target, markerName);
  const written = `${JSON.stringify(mark)}\n`;
  const there = await readdir(target).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (there && there.length > 0 && (await readFile(marker, 'utf8').catch(() => '')) !== written)
    throw new ExportError(fault('export-folder-not-empty', { file: out }));
  if (!there) await mkdir(target);
  await writeFile(marker, written);
  const made = new Set([target]);
  const fileOf = (path: string): string => join(target, ...path.split('/'));
  return {
    has: (path) => isThere(fileOf(path)),
    add: async (path, bytes) => {
      const file = fileOf(path);
      const folder = dirname(file);
      if (!made.has(folder)) await makeFolders(folder);
      made.add(folder);
      await putWhole({ file, draft: join(target, draftName) }, bytes);
    },
    finish: async () => {
      for (const folder of made) await syncFolder(folder);
      await rm(join(target, draftName), { force: true });
      await rm(marker);
    },
  };
}

const isThere = (file: string): Promise<boolean> =>
  stat(fsPath(file)).then(
    () => true,
    () => false,
  );

async function putWhole(
  { file, draft }: { readonly file: string; readonly draft: string },
  bytes: Uint8Array,
): Promise<void> {
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, fsPath(file));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
