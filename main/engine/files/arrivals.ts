import { open, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { fsPath } from '../../lib/file-names.ts';
import type { AnsweredFile, WatchedFile } from '../../store/index.ts';
import { changedFolders } from './changed-folders.ts';
import { walk } from './walk.ts';
import type { Found } from './walk.ts';

/** A file that was not answered as it is now, and that nobody writes to any more. `before`: how it was answered last. */
export type Arrival = Found & { readonly file: WatchedFile; readonly before: AnsweredFile | null };
export type ArrivalsParts = {
  readonly folder: string;
  readonly answered: (belows: readonly string[]) => Promise<readonly (AnsweredFile | null)[]>;
  /** Milliseconds that size and times of a file have to stay what they are. */
  readonly settleMs: number;
  readonly now?: () => number;
};
export type Arrivals = {
  /** What has settled since the last look. A look that is not read to its end is made up for by a new `createArrivals`. */
  look(): AsyncGenerator<Arrival>;
  /** Files that are there and have not settled. */
  waiting(): number;
};

type Waiting = { readonly found: Found; readonly stamp: string; readonly sinceMs: number };
type Seen = { readonly found: Found; readonly stats: BigIntStats | null };

/** An empty file, or one that its writer does not let others read, is one that is still being written for so long. */
const stubbornMs = 60_000;
/** Older than any difference between the clocks of this computer and of one that shares a folder. */
const longSettledMs = 600_000;
/** More than that wait in their folders instead of in memory, and are found by the next look at all of them. */
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

  /** Whether it is whole; one that is not yet is looked at again. */
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
      // Only what waits is met twice in a look.
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
