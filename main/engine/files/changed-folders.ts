import { stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fsPath } from '../../lib/file-names.ts';
import { folderIdentity } from './walk.ts';

/** A folder to be walked: `below` the one that is watched, and the identities of those around it. */
type ChangedFolder = {
  readonly path: string;
  readonly below: string;
  readonly around: readonly string[];
};

type Noted = { readonly mtimeNs: bigint; readonly atMs: number };

/** FAT stores folder times in steps of two seconds: a name added within the same step does not show. */
const coarsestMs = 3_000;
/** Network drives may cache folder times or never update them, so everything is rescanned at least this rarely. */
const leastWholeMs = 60_000;
/** Full rescans use at most a fiftieth of the time. */
const wholeShare = 50;
const mostWholeMs = 600_000;

/**
 * Which folders below one have to be read again, by their times of change: those tell of names that came and went, and
 * nothing of files whose content changed, for which all folders are read now and then.
 */
export function changedFolders(root: string, now: () => number) {
  const noted = new Map<string, Noted>();
  let whole: { readonly begunMs: number; tookMs: number } | null = null;
  let isWhole = false;

  const isWholeDue = (): boolean =>
    whole === null ||
    now() - whole.begunMs > Math.max(leastWholeMs, Math.min(mostWholeMs, wholeShare * whole.tookMs));

  const hasChanged = async (path: string, { mtimeNs, atMs }: Noted): Promise<boolean> => {
    const stats = await stat(fsPath(path), { bigint: true }).catch(() => null);
    if (stats === null) noted.delete(path);
    // A removed folder shows as a change of its parent.
    return stats !== null && (stats.mtimeNs !== mtimeNs || isRecent(mtimeNs, atMs));
  };

  const pathsChanged = async (): Promise<readonly string[]> => {
    const changed: string[] = [];
    for (const [path, at] of [...noted].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (changed.some((above) => path.startsWith(above.endsWith(sep) ? above : `${above}${sep}`))) continue;
      if (await hasChanged(path, at)) changed.push(path);
    }
    return changed;
  };

  return {
    changed: async (): Promise<readonly ChangedFolder[]> => {
      if (whole && isWhole) whole.tookMs = now() - whole.begunMs;
      isWhole = isWholeDue();
      if (!isWhole) return Promise.all((await pathsChanged()).map((path) => placeOf(root, path)));
      noted.clear();
      whole = { begunMs: now(), tookMs: 0 };
      return [{ path: root, below: '', around: [] }];
    },
    /** A folder that is about to be read. */
    note: async (path: string): Promise<void> => {
      const stats = await stat(fsPath(path), { bigint: true }).catch(() => null);
      if (stats) noted.set(path, { mtimeNs: stats.mtimeNs, atMs: now() });
      else noted.delete(path);
    },
    /** Forces a full rescan at the next poll. */
    forget: (): void => {
      whole = null;
    },
  };
}

/** Also true for times in the future (clock skew). */
const isRecent = (mtimeNs: bigint, atMs: number): boolean => Number(mtimeNs) / 1e6 > atMs - coarsestMs;

async function placeOf(root: string, path: string): Promise<ChangedFolder> {
  const around: string[] = [];
  const below = relative(root, path);
  for (let at = path; at !== root && dirname(at) !== at;) {
    at = dirname(at);
    around.unshift(await folderIdentity(at).catch(() => ''));
  }
  return { path: below === '' ? root : join(root, below), below: below.split(sep).join('/'), around };
}
