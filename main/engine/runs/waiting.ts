import { fault } from '../../../contract/faults/faults.ts';
import type { Store } from '../../store/index.ts';
import { findFolder, findOnVolume, isRestored } from './input-volume.ts';
import { writePhase } from './journal.ts';
import type { LiveRun } from './live-run.ts';
import type { LostDrive } from './roots.ts';

const lookMs = 2_000;

type WaitingParts = {
  readonly resume: (run: string) => Promise<unknown>;
  /** There is enough power to go on. */
  readonly hasPower: () => Promise<boolean>;
};

/**
 * Runs of this process that are paused until a resource returns: the drive, disk space or power. Each is polled and
 * then resumed.
 */
export function createWaiting(store: Store, { resume, hasPower }: WaitingParts) {
  const runs = new Map<string, LiveRun>();
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const isPowered = async ({ phase }: LiveRun): Promise<boolean> =>
    phase.kind === 'paused' && phase.by === 'battery' && (await hasPower());
  const plan = (): void => {
    if (!isClosed && runs.size > 0) timer ??= setTimeout(() => void look(), lookMs);
  };
  const look = async (): Promise<void> => {
    for (const run of runs.values()) {
      if (isClosed) return;
      if (runs.has(run.id) && ((await isPowered(run)) || (await isBack(store, run)))) await resume(run.id);
    }
    timer = null;
    plan();
  };
  return {
    has: (run: string): boolean => runs.has(run),
    ids: (): readonly string[] => [...runs.keys()],
    state: (run: string) => runs.get(run)?.state(),
    add: (run: LiveRun): void => {
      runs.set(run.id, run);
      plan();
    },
    /** Removes the run from polling, and returns it. */
    take: (run: string): LiveRun | undefined => {
      const taken = runs.get(run);
      runs.delete(run);
      return taken;
    },
    close: async (): Promise<void> => {
      isClosed = true;
      if (timer) clearTimeout(timer);
      for (const run of runs.values()) {
        run.apply({ kind: 'lose-owner' });
        await writePhase(store, run);
      }
      runs.clear();
    },
  };
}

async function isBack(store: Store, run: LiveRun): Promise<boolean> {
  const { phase } = run;
  if (phase.kind !== 'paused') return false;
  // Probe by retrying the failed write: it succeeds when there is space.
  if (phase.by === 'disk-full') return (await writePhase(store, run)) && store.state().kind !== 'disk-full';
  const { at: input, listed, folder, volume } = phase.fault?.params ?? {};
  if (phase.by !== 'drive' || typeof input !== 'number') return false;
  if (listed === 1 && typeof folder === 'string')
    return isListedBack(store, run, { folder, volume: typeof volume === 'string' ? volume : null });
  return isFolderBack(store, run, input);
}

async function isFolderBack(store: Store, run: LiveRun, input: number): Promise<boolean> {
  const [folder] = await store.runInputs(run.id, { from: input, limit: 1 });
  if (folder === undefined) return false;
  const volume = await store.inputVolume(run.id, input);
  const witnesses = await witnessesOf(store, run, input);
  const isThere = volume !== null && (await isRestored(folder, witnesses));
  const find = () => (volume ? findOnVolume(folder, volume) : findFolder(folder, witnesses));
  const place = isThere ? folder : await find();
  if (place !== null && place !== folder) await store.moveRunInput(run.id, { input, path: place });
  return place !== null;
}

/** The drive with files that were named one by one; mounted elsewhere, all of them lie there now. */
async function isListedBack(
  store: Store,
  run: LiveRun,
  { folder, volume }: Pick<LostDrive, 'folder' | 'volume'>,
): Promise<boolean> {
  const place =
    volume === null ? await findFolder(folder, []) : await findOnVolume(folder, { id: volume, below: '' });
  if (place !== null && place !== folder) await store.moveRunInputs(run.id, { from: folder, to: place });
  return place !== null;
}

/** Watched folders are emptied by their users, so their files do not identify the drive. */
const witnessesOf = async (store: Store, run: LiveRun, input: number) =>
  run.stored.request?.watch === undefined ? store.runWitnesses(run.id, input) : [];

export const driveLost = ({ folder, volume, isListed }: LostDrive, input: number) =>
  fault('drive-gone', {
    folder,
    at: input,
    ...(isListed && { listed: 1 }),
    ...(volume !== null && { volume }),
  });
