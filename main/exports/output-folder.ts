import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fault } from '../../contract/faults/faults.ts';
import { isMissing } from '../../contract/faults/disk-faults.ts';
import { syncFolder } from '../lib/durable.ts';
import { fsPath } from '../lib/file-names.ts';
import { ExportError } from './types.ts';
import type { ExportedFile } from './types.ts';
import { makeFolders } from '../lib/make-folders.ts';
import { nextPartial } from '../lib/partials.ts';

type OutputFolder = {
  /** `path` is relative to the folder, with `/` as separator; missing parent folders are created. */
  write(path: string, text: ExportedFile['text']): Promise<void>;
  /** Renames the temporary folder to its final name. */
  keep(): Promise<void>;
  discard(): Promise<void>;
};

/** Writes a folder atomically: to a temporary folder beside it, renamed at the end. Throws an `ExportError` if the target holds files. */
export async function openOutputFolder(out: string): Promise<OutputFolder> {
  const target = resolve(out);
  const there = await readdir(target).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (there && there.length > 0) throw new ExportError(fault('export-folder-not-empty', { file: out }));
  const draft = await nextPartial(target);
  await mkdir(draft);
  const made = new Set([draft]);
  return {
    write: async (path, text) => {
      const file = join(draft, ...path.split('/'));
      const folder = dirname(file);
      if (!made.has(folder)) await makeFolders(folder);
      made.add(folder);
      await writeFile(fsPath(file), typeof text === 'function' ? await text() : text, { flag: 'wx' });
    },
    keep: async () => {
      for (const folder of made) await syncFolder(folder);
      // Windows does not rename a folder over an empty one.
      if (there) await rmdir(target);
      await rename(draft, target);
      await syncFolder(dirname(target));
    },
    discard: () => rm(draft, { recursive: true, force: true }),
  };
}
