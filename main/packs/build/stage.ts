import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { PackPath } from '../../../contract/packs/pack-path.ts';
import type { PackFile } from '../../../contract/packs/manifest.ts';
import { diskFault } from '../disk-fault.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/**
 * The folder that becomes a pack. Files are listed as they are added and sorted by path, so that the order of options
 * does not matter.
 */
export type Stage = {
  readonly folder: string;
  /** `change` may modify the copy before it is measured. */
  copy(from: string, to: string, change?: (copy: string) => Promise<void>): Promise<Outcome<void>>;
  write(to: string, content: string | Uint8Array): Promise<Outcome<void>>;
  /** The path of a file with this digest, if there is one. */
  find(sha256: string): string | undefined;
  files(): readonly PackFile[];
};

export function openStage(folder: string, pack: string): Stage {
  const files = new Map<string, PackFile>();
  const add = async (to: string, put: (place: string) => Promise<void>): Promise<Outcome<void>> => {
    if (!PackPath.safeParse(to).success) return failed('pack-path-outside', { pack, file: to });
    const spelling = [...files.keys()].find((path) => path.toLowerCase() === to.toLowerCase());
    if (spelling !== undefined) return failed('pack-path-clash', { pack, file: to });
    const place = join(folder, to);
    try {
      await makeFolders(dirname(place));
      await put(place);
      files.set(to, { path: to, ...(await measure(place)) });
      return ok(undefined);
    } catch (error) {
      return diskFault(error, (error as NodeJS.ErrnoException).path ?? to);
    }
  };
  return {
    folder,
    copy: (from, to, change) =>
      add(to, async (place) => {
        await copyFile(from, place, constants.COPYFILE_FICLONE);
        if (!change) return;
        // A copy inherits the read-only mode of its source.
        await chmod(place, 0o644);
        await change(place);
      }),
    write: (to, content) => add(to, (place) => writeFile(place, content)),
    find: (sha256) => [...files.values()].find((file) => file.sha256 === sha256)?.path,
    files: () => [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

export async function measure(file: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Buffer>) {
    size += piece.byteLength;
    hash.update(piece);
  }
  return { size, sha256: hash.digest('hex') };
}

/** A file name from a title: `Chelsea, exact pixels` becomes `chelsea-exact-pixels`. */
export const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\w]+/gu, '-')
    .replace(/^[-_]+|[-_]+$/gu, '')
    .toLowerCase()
    .slice(0, 60) || 'x';
