import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Fault } from '../../../contract/faults/faults.ts';
import { fsPath, nameOf } from '../../lib/file-names.ts';
import { fileSystemOf } from '../../lib/file-system.ts';
import { parseMounts } from '../../lib/mounts.ts';
import { listVolumes, volumeOf } from '../../lib/volumes/index.ts';
import type { Volume } from '../../lib/volumes/index.ts';
import type { InputVolume } from '../../store/index.ts';

/**
 * A file known to be on a drive, to tell this drive from another with the same name; `below`: path below the folder of
 * the run.
 */
type Witness = { readonly below: string; readonly sizeBytes: number };

/** Faults of a photo or a folder that may mean that its whole drive is gone. */
export const mayBeDrive = ({ code }: Fault): boolean =>
  code === 'file-not-found' || code === 'file-unreadable' || code === 'folder-unreadable';

/**
 * Where the drive with this folder is now: at its old place, or mounted elsewhere. The witnesses decide, so that another card
 * with folders of the same names is not taken for it; without any only the old place can be the one.
 */
export async function findFolder(
  folder: string,
  witnesses: readonly Witness[],
  mounts: () => Promise<readonly string[]> = mountedPlaces,
): Promise<string | null> {
  if (await holds(folder, witnesses)) return folder;
  if (witnesses.length === 0) return null;
  const tails = tailsOf(folder);
  for (const mount of await mounts())
    for (const tail of tails) {
      const place = join(mount, tail);
      if (await holds(place, witnesses)) return place;
    }
  return null;
}

/** Whether the witnesses are in this folder, most of them; without any, whether anything is. */
export async function holds(folder: string, witnesses: readonly Witness[]): Promise<boolean> {
  if ((await fileSystemOf(folder)) === null) return false;
  if (witnesses.length === 0) return (await readdir(fsPath(folder)).catch(() => [])).length > 0;
  const found = await Promise.all(
    witnesses.map(async ({ below, sizeBytes }) => {
      const stats = await stat(fsPath(join(folder, below))).catch(() => null);
      return stats?.isFile() === true && stats.size === sizeBytes;
    }),
  );
  // Majority vote: single files may have been deleted or edited elsewhere.
  return found.filter(Boolean).length * 2 > found.length;
}

/** Whether what was read is at its old place on another disk, which took the place of the one that was noted. */
export const isRestored = async (folder: string, witnesses: readonly Witness[]): Promise<boolean> =>
  witnesses.length > 0 && holds(folder, witnesses);

/** The same by volume id, where there is one. */
export async function findOnVolume(folder: string, { id, below }: InputVolume): Promise<string | null> {
  if ((await fileSystemOf(folder)) !== null && (await volumeOf(folder))?.id === id) return folder;
  for (const volume of await listVolumes()) {
    const place = join(volume.place, below);
    if (volume.id === id && (await fileSystemOf(place)) !== null) return place;
  }
  return null;
}

/** The volume that a folder lies on, and where on it; null where it has nothing that tells it from others. */
export const inputVolumeOf = async (folder: string): Promise<InputVolume | null> =>
  inputVolumeOn(await volumeOf(folder), folder);

export async function inputVolumeOn(volume: Volume | null, folder: string): Promise<InputVolume | null> {
  if (!volume?.id) return null;
  return { id: volume.id, below: relative(volume.place, await realpath(folder).catch(() => folder)) };
}

/** Whether a path is this folder, or lies in it. */
export const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
};

/** What of the path may lie below the mount point: all of it, or only its last steps; the mount point itself last. */
function tailsOf(folder: string): readonly string[] {
  const tails = [''];
  for (let at = folder; dirname(at) !== at; at = dirname(at))
    tails.unshift(join(basename(at), tails[0] ?? ''));
  return tails;
}

/** Places where drives are: of Linux and macOS those that are mounted, of Windows its letters. */
async function mountedPlaces(): Promise<readonly string[]> {
  if (process.platform === 'win32')
    return Array.from({ length: 26 }, (_, at) => `${String.fromCharCode(65 + at)}:\\`);
  if (process.platform === 'darwin')
    return (await readdir('/Volumes').catch(() => [])).map((name) => join('/Volumes', name));
  const list = await readFile('/proc/self/mountinfo').catch(() => null);
  return list
    ? parseMounts(nameOf(list))
        .filter(({ type }) => !notDrives.test(type))
        .map(({ place }) => place)
    : [];
}

const notDrives =
  /^(?:proc|sysfs|devpts|devtmpfs|cgroup2?|mqueue|bpf|securityfs|debugfs|tracefs|pstore|configfs|fusectl|hugetlbfs|autofs|binfmt_misc|nsfs|rpc_pipefs|efivarfs)$/u;
