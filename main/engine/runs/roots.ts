import type { Store } from '../../store/index.ts';
import type { Found } from '../files/index.ts';
import { fileSystemOf } from './drives.ts';
import type { LiveRun } from './live-run.ts';

export type Roots = {
  /** Keeps the file system of the folder that this was found in. */
  note(found: Pick<Found, 'input' | 'below'>): Promise<void>;
  /** The folder of this input when it was there and is not any more, or another file system is in its place; else null. */
  lostFolder(input: number): Promise<string | null>;
  /** The folder that was walked last. */
  last(): number | null;
};

/** The folders that a run is given, while it walks them. Of a file that is named itself nothing is kept: it may be missing. */
export function watchRoots(store: Store, run: LiveRun): Roots {
  const { cursor } = run.stored;
  // What was found there before shows that it was a folder.
  const before = cursor !== null && cursor.below !== '' ? cursor.input : null;
  let current: { readonly input: number; readonly folder: string; readonly fileSystem: bigint } | null = null;
  const folderOf = async (input: number): Promise<string | undefined> =>
    (await store.runInputs(run.id, { from: input, limit: 1 }))[0];
  return {
    note: async ({ input, below }) => {
      if (below === '' || current?.input === input) return;
      const folder = await folderOf(input);
      const fileSystem = folder === undefined ? null : await fileSystemOf(folder);
      if (folder !== undefined && fileSystem !== null) current = { input, folder, fileSystem };
    },
    lostFolder: async (input) => {
      if (current?.input === input)
        return (await fileSystemOf(current.folder)) === current.fileSystem ? null : current.folder;
      if (input !== before) return null;
      const folder = await folderOf(input);
      return folder !== undefined && (await fileSystemOf(folder)) === null ? folder : null;
    },
    last: () => current?.input ?? null,
  };
}
