import { CancellationError, CancellationToken } from 'builder-util-runtime';
import { rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFault } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Fetched } from '../types.ts';
import { onAbort } from '../../lib/abort.ts';
import type { Executor } from '../http-get.ts';
import { isThere, partialOf } from './draft.ts';
import { deltaSizeOf } from './delta.ts';
import type { Mover, MoveRequest, MoverParts } from './types.ts';
import { moveTo } from './move.ts';
import { ModelUpdater } from './updater.ts';
import { makeFolders } from '../../lib/make-folders.ts';

const stallMs = 30_000;
/** Free space to keep on the disk. */
const spareBytes = 1024 ** 2;

const cacheOf = (to: string): string => `${to}.updater`;

/** Downloads files described by verified metadata. */
export function createMover(given: MoverParts): Mover {
  const parts = { stallMs, ...given };
  return {
    fetch: (request) => fetch(parts, request),
    deltaSizeOf: (question) => deltaSizeOf(parts, question),
  };
}

async function fetch(parts: Required<MoverParts>, request: MoveRequest): Promise<Outcome<Fetched>> {
  const { target, to, byHand, signal } = request;
  const settings = await parts.settings();
  const isOverWire = target.place.kind === 'url';
  if (isOverWire && !byHand && settings.updateNetworks === 'unmetered' && !parts.isUnmetered())
    return failed('network-metered');
  try {
    await makeFolders(dirname(to));
    if ((await isThere(to, target)) || (await finishPartial(request))) {
      await rm(partialOf(to), { force: true });
      await rm(cacheOf(to), { recursive: true, force: true });
      return ok({ transferred: 0, way: 'kept' });
    }
    const space = await hasSpace(request);
    if (!space.ok) return space;
  } catch (error) {
    return { ok: false, fault: writeFault(error, to) };
  }
  if (signal.aborted) return failed('cancelled');
  return underUpdater(parts, request);
}

/** Downloads under electron-updater's control, and takes the finished file out of its cache. */
async function underUpdater(parts: Required<MoverParts>, request: MoveRequest): Promise<Outcome<Fetched>> {
  const { target, version, to, signal } = request;
  const cacheFolder = cacheOf(to);
  let fetched: Outcome<Fetched> = failed('cancelled');
  const token = new CancellationToken();
  const stopListening = onAbort(signal, () => token.cancel());
  try {
    await rm(cacheFolder, { recursive: true, force: true });
    const updater = new ModelUpdater({
      target,
      version,
      cacheFolder,
      executor: parts.httpExecutor as Executor,
      log: parts.log,
      move: async (destination) => {
        fetched = await moveTo(parts, request, destination);
        // electron-updater can only be stopped by an exception; `fetched` holds the fault.
        if (!fetched.ok)
          throw fetched.fault.code === 'cancelled' ? new CancellationError() : new Stopped(fetched.fault);
      },
    });
    // By default electron-updater logs every failure; here failures are returned.
    updater.on('error', () => undefined);
    const found = await updater.checkForUpdates();
    if (!found?.isUpdateAvailable) throw new Error(`${version} was not taken for an update`);
    const [file] = await updater.downloadUpdate(token);
    if (file === undefined) throw new Error('electron-updater has no file');
    await rename(file, to);
    await rm(partialOf(to), { force: true });
  } catch (error) {
    if (signal.aborted) return failed('cancelled');
    if (error instanceof Stopped) return { ok: false, fault: error.fault };
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { ok: false, fault: writeFault(error, to) };
  } finally {
    stopListening();
    await rm(cacheFolder, { recursive: true, force: true });
  }
  return fetched;
}

/** Finishes a partial file that is complete: a kill may have come between the last byte and the rename. */
async function finishPartial({ target, to }: MoveRequest): Promise<boolean> {
  const partial = partialOf(to);
  const there = await stat(partial).catch(() => null);
  if (there?.size !== target.size || !(await isThere(partial, target))) return false;
  await rename(partial, to);
  return true;
}

async function hasSpace({ target, to }: MoveRequest): Promise<Outcome<void>> {
  const folder = dirname(to);
  const there = await stat(partialOf(to)).catch(() => null);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const needed = Math.max(0, target.size - (there?.size ?? 0)) + spareBytes;
  return free >= needed ? ok(undefined) : failed('not-enough-space', { needed, free, folder });
}

class Stopped extends Error {
  readonly fault: Fault;
  constructor(why: Fault) {
    super(why.message);
    this.fault = why;
  }
}
