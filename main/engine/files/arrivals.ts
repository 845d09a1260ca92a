import { open, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { fsPath } from '../../lib/file-names.ts';
import type { AnsweredFile, WatchedFile } from '../../store/index.ts';
import { changedFolders } from './changed-folders.ts';
import { walk } from './walk.ts';
import type { Found } from './walk.ts';

/** A new or changed file that has stopped changing. `before`: the version of it that was answered last. */
export type Arrival = Found & { readonly file: WatchedFile; readonly before: AnsweredFile | null };
type ArrivalsParts = {
  readonly folder: string;
  readonly answered: (belows: readonly string[]) => Promise<readonly (AnsweredFile | null)[]>;
  /** Debounce: how long size and times must stay unchanged, in milliseconds. */
  readonly settleMs: number;
  readonly now?: () => number;
};
export type Arrivals = {
  /**
   * Files that settled since the last poll. After a poll that was not read to its end, start over with a new
   * `createArrivals`.
   */
  look(): AsyncGenerator<Arrival>;
  /** Files still being written. */
  waiting(): number;
};

type Waiting = { readonly found: Found; readonly stamp: string; readonly sinceMs: number };
type Seen = { readonly found: Found; readonly stats: BigIntStats | null };

/** An empty or locked file is taken for one still being written for at most this long. */
const stubbornMs = 60_000;
/** Longer than any clock skew between this computer and a file server. */
const longSettledMs = 600_000;
/** Upper bound of files tracked in memory; the rest is found again by the next full scan. */
const mostWaiting = 20_000;
const portion = 256;

/**
 * Looks for new files by asking and not by notifications of the system: those do not exist for network drives, end with the
 * mount they were asked of, are limited in number, and still need the questions here of whether a file is whole. A look asks
 * each folder for its time of change, and reads those that have one; now and then it reads all of them.
 */
export function createArrivals({ folder, answered, settleMs, now = Date.now }: ArrivalsParts): Arrivals {
  const folders = changedFolders(folder, now);
  const waiting = new Map<string, Waiting>();

  /** Whether it has settled; one that has not is checked again at the next poll. */
  const hasSettled = async ({ found, stats }: Seen): Promise<boolean> => {
    if (stats === null) return true;
    const at = now();
    const stamp = `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
    const known = waiting.get(found.below);
    const sinceMs = known?.stamp === stamp ? known.sinceMs : at;
    const wroteMs = Number(stats.mtimeNs > stats.ctimeNs ? stats.mtimeNs : stats.ctimeNs) / 1e6;
    const isQuiet = at - sinceMs >= settleMs || at - wroteMs > longSettledMs;
    const isStubborn = isQuiet && (stats.size === 0n || !(await isReadable(found.path)));
    if (isQuiet && (!isStubborn || at - sinceMs >= stubbornMs || at - wroteMs > longSettledMs)) {
      waiting.delete(found.below);
      return true;
    }
    if (known || waiting.size < mostWaiting) waiting.set(found.below, { found, stamp, sinceMs });
    else folders.forget();
    return false;
  };

  async function* settled(seen: readonly Seen[]): AsyncGenerator<Arrival> {
    const before = await answered(seen.map(({ found }) => found.below));
    for (const [at, each] of seen.entries()) {
      const file = fileOf(each);
      const last = before[at] ?? null;
      if (last?.sizeBytes === file.sizeBytes && last.mtimeNs === file.mtimeNs)
        waiting.delete(each.found.below);
      else if (await hasSettled(each)) yield { ...each.found, file, before: last };
    }
  }

  /** Portions of those that are there. */
  async function* look(): AsyncGenerator<Arrival> {
    const lookedAt = new Set<string>();
    let seen: Seen[] = [];
    const due = [...waiting.values()].map(({ found }) => found);
    async function* present(): AsyncGenerator<Found> {
      for (const { path, below, around } of await folders.changed())
        for await (const found of walk([path], { around, onFolder: folders.note })) {
          const whole = [below, found.below].filter((part) => part !== '').join('/');
          yield { ...found, below: whole };
        }
      yield* due;
    }
    for await (const found of present()) {
      if (lookedAt.has(found.below)) continue;
      // Only pending files can be seen twice in one poll.
      if (waiting.has(found.below)) lookedAt.add(found.below);
      const next = await seenNow(found);
      if (next === null) waiting.delete(found.below);
      else seen.push(next);
      if (seen.length < portion) continue;
      yield* settled(seen);
      seen = [];
    }
    yield* settled(seen);
  }
  return { look, waiting: () => waiting.size };
}

/** Null for a file that has gone since it was found. A folder that could not be looked into has nothing to wait for. */
async function seenNow(found: Found): Promise<Seen | null> {
  if (found.fault) return found.fault.code === 'file-not-found' ? null : { found, stats: null };
  const stats = await stat(fsPath(found.path), { bigint: true }).catch(() => null);
  return stats && { found, stats };
}

const fileOf = ({ found, stats }: Seen): WatchedFile => ({
  below: found.below,
  sizeBytes: Number(stats?.size ?? 0n),
  mtimeNs: String(stats?.mtimeNs ?? 0n),
});

/** On Windows a file that is being copied cannot be opened. */
async function isReadable(path: string): Promise<boolean> {
  try {
    await (await open(fsPath(path), 'r')).close();
    return true;
  } catch {
    return false;
  }
}
