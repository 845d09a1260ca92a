import { dirname } from 'node:path';
import { markVolumes, volumeOf } from '../../lib/volumes/index.ts';
import type { Volume } from '../../lib/volumes/index.ts';
import type { Store } from '../../store/index.ts';
import type { Found } from '../files/index.ts';
import { fileSystemOf } from '../../lib/file-system.ts';
import { holds, inputVolumeOn, isBelow, isRestored } from './input-volume.ts';
import type { LiveRun } from './live-run.ts';

/** A drive that is gone. `volume` tells it from others where single files of it were named: those lie in `folder` or below. */
export type LostDrive = {
  readonly folder: string;
  readonly volume: string | null;
  readonly isListed: boolean;
};
export type Roots = {
  /**
   * Notes the volume with a folder that is about to be walked, for whoever goes on with the run; the drive, where another one is
   * in the place of the one that was noted.
   */
  enter(input: number, folder: string): Promise<LostDrive | null>;
  /** Resolves when the volumes are noted. */
  noted(): Promise<unknown>;
  /** Keeps the file system of the folder that this was found in. */
  note(found: Found): Promise<void>;
  /** The drive of what was found when it was there and is not any more, or another file system is in its place; else null. */
  lost(found: Pick<Found, 'input' | 'below' | 'path'>): Promise<LostDrive | null>;
  /** The folder of the input that was walked last, when it is lost by now. */
  lostLast(): Promise<(LostDrive & { readonly input: number }) | null>;
};

type Root = { readonly input: number; readonly folder: string; readonly fileSystem: bigint };
type Listed = { readonly folder: string; readonly fileSystem: bigint; readonly volume: Volume | null };

/**
 * The folders that a run is given, while it walks them, and those of the files that a list names: a file that is not there may
 * just be missing, but when the folder of the one before is gone as well, it was the drive.
 */
export function watchRoots(store: Store, run: LiveRun): Roots {
  const { cursor } = run.stored;
  let current: Root | null = null;
  let listed: Listed | null = null;
  const inputOf = async (input: number): Promise<string | undefined> =>
    (await store.runInputs(run.id, { from: input, limit: 1 }))[0];
  const root = (folder: string): LostDrive => ({ folder, volume: null, isListed: false });

  /** The volume noted last: of many folders on one disk it is looked up once. */
  let seen: { readonly mark: string; readonly fileSystem: bigint; readonly volume: Volume | null } | null =
    null;
  let noting: Promise<unknown> = Promise.resolve();
  const noteVolume = async (input: number, folder: string): Promise<void> => {
    const [mark, fileSystem] = [await markVolumes(), await fileSystemOf(folder)];
    if (fileSystem === null) return;
    if (seen?.mark !== mark || seen.fileSystem !== fileSystem)
      seen = { mark, fileSystem, volume: await volumeOf(folder) };
    const noted = await inputVolumeOn(seen.volume, folder);
    if (noted) await store.setInputVolume(run.id, { input, ...noted });
  };

  /** Before anything was read, a disk whose id cannot be read now is taken for the same one: nothing else would ever bring it back. */
  const isSame = async (input: number, folder: string, volume: Volume | null): Promise<boolean> => {
    const witnesses = await store.runWitnesses(run.id, input);
    return witnesses.length === 0 && !volume?.id ? holds(folder, []) : isRestored(folder, witnesses);
  };
  /** An unplugged drive leaves an empty folder; the run has found something in it before. */
  const isEmptied = async (input: number, folder: string): Promise<boolean> =>
    cursor?.input === input && cursor.below !== '' && !(await holds(folder, []));

  const noteListed = async (path: string): Promise<void> => {
    const folder = dirname(path);
    if (listed?.folder === folder) return;
    const fileSystem = await fileSystemOf(folder);
    if (fileSystem === null) return;
    const volume = listed?.fileSystem === fileSystem ? listed.volume : await volumeOf(folder);
    listed = { folder, fileSystem, volume };
  };
  const lostRoot = async (input: number): Promise<LostDrive | null> => {
    if (current?.input === input)
      return (await fileSystemOf(current.folder)) === current.fileSystem ? null : root(current.folder);
    // Earlier finds prove that it was a folder.
    if (cursor?.input !== input || cursor.below === '') return null;
    const folder = await inputOf(input);
    return folder !== undefined && (await fileSystemOf(folder)) === null ? root(folder) : null;
  };
  const lostListed = async (path: string): Promise<LostDrive | null> => {
    const folder = dirname(path);
    const isThere = (await fileSystemOf(folder)) !== null;
    if (listed === null) {
      const before = cursor?.below === '' ? await inputOf(cursor.input) : undefined;
      const areBothMissing =
        before !== undefined && !isThere && (await fileSystemOf(dirname(before))) === null;
      return areBothMissing ? { folder, volume: null, isListed: true } : null;
    }
    if ((await fileSystemOf(listed.folder)) === listed.fileSystem) return null;
    const place = listed.volume?.place;
    // An empty folder may remain as the mount point of an unmounted drive.
    const isOnIt = folder === listed.folder || (place !== undefined && isBelow(folder, place));
    if (isThere && !isOnIt) return null;
    return { folder: place ?? folder, volume: listed.volume?.id ?? null, isListed: true };
  };

  return {
    enter: async (input, folder) => {
      const known = await store.inputVolume(run.id, input);
      const volume = known && (await volumeOf(folder));
      if (known && volume?.id === known.id) return null;
      const isOther = known ? !(await isSame(input, folder, volume)) : await isEmptied(input, folder);
      if (isOther) return root(folder);
      // Nothing waits for it: some systems take a second to list their volumes.
      noting = noting.then(() => noteVolume(input, folder)).catch(() => undefined);
      return null;
    },
    noted: () => noting,
    note: async ({ input, below, path, fault }) => {
      if (below === '') return fault ? undefined : noteListed(path);
      if (current?.input === input) return;
      const folder = await inputOf(input);
      const fileSystem = folder === undefined ? null : await fileSystemOf(folder);
      if (folder !== undefined && fileSystem !== null) current = { input, folder, fileSystem };
    },
    lost: async ({ input, below, path }) =>
      below !== '' || current?.input === input || (cursor?.input === input && cursor.below !== '')
        ? lostRoot(input)
        : lostListed(path),
    lostLast: async () => {
      const last = current;
      const lost = last && (await lostRoot(last.input));
      return last && lost && { ...lost, input: last.input };
    },
  };
}
