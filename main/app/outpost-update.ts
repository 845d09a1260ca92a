import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { app } from 'electron';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { detail, reason } from '../../contract/faults/reasons.ts';
import type { AppUpdateState, UpdateSource } from '../../contract/lifecycle/update.ts';
import { createAppUpdate, isNewer } from '../updates/app/index.ts';
import type { AppUpdate, AutoUpdaterPort } from '../updates/app/index.ts';
import type { AppOffer, Updates } from '../updates/index.ts';
import type { OpenedOutpost } from '../composition/index.ts';
import type { Log } from './log.ts';
import type { Network } from './network.ts';
import { makeFolders } from '../lib/make-folders.ts';

export type OutpostUpdate = {
  state(): Promise<AppUpdateState>;
  get(): Promise<Outcome<AppUpdateState>>;
  install(): Promise<Outcome<void>>;
};
type OutpostUpdateParts = {
  readonly opened: () => Promise<OpenedOutpost<Updates>>;
  readonly updates: () => Promise<Updates>;
  readonly network: () => Promise<Network>;
  readonly data: string;
  readonly log: Log;
};

const platform = `${process.platform}-${process.arch}`;

/** Outpost's own update in the window: offered by the verified feed, carried by electron-updater, installed when a person says so. */
export function createOutpostUpdate(parts: OutpostUpdateParts): OutpostUpdate {
  const { opened, updates, network, data, log } = parts;
  const makeUpdater = async (offer: AppOffer, address: string): Promise<AutoUpdaterPort> => {
    // electron-updater is loaded when it is first wanted, not at the start.
    const { stockUpdater } = await import('./stock-updater.ts');
    const { executor } = await network();
    return stockUpdater(offer, { address, executor, folder: join(data, 'app-update') });
  };
  let update: AppUpdate | null = null;
  let current: AppOffer | null = null;

  const feed = async (): Promise<Extract<UpdateSource, { kind: 'http' }> | null> => {
    const address = (await (await opened()).engine.settings.get()).feed;
    return app.isPackaged && address !== null && /^https?:/iu.test(address)
      ? { kind: 'http', address }
      : null;
  };
  const offered = async (): Promise<AppOffer | null> => {
    const source = await feed();
    if (!source) return null;
    const offer = await (await updates()).appOffer(source, platform);
    return offer.ok && offer.value && isNewer(offer.value.version, app.getVersion()) ? offer.value : null;
  };
  const state = async (): Promise<AppUpdateState> => {
    const now = update?.state();
    if (now?.kind === 'ready') return now;
    if (now?.kind === 'downloading' && current) return { kind: 'downloading', version: current.version };
    current = await offered();
    return current
      ? { kind: 'offered', version: current.version, note: current.note, size: current.size }
      : { kind: 'none' };
  };
  return {
    state,
    get: async () => {
      if (update?.state().kind === 'downloading')
        return failed('lifecycle-step', { model: 'Outpost', state: reason('state-being-fetched') });
      const source = await feed();
      const offer = await offered();
      if (!source || !offer) return failed('trust-target-missing', { file: `Outpost for ${platform}` });
      current = offer;
      update = createAppUpdate({
        updater: await makeUpdater(offer, source.address),
        appVersion: app.getVersion(),
        folder: data,
        snapshot: async () => copyStore(data, (file) => opened().then(({ store }) => store.copyTo(file))),
        restore: (snapshot) => restoreStore(data, snapshot),
        now: () => new Date(),
        log: (level, text) => log.write(level, text),
      });
      const fetched = await update.download(offer, { signal: new AbortController().signal });
      return fetched.ok ? ok(await state()) : fetched;
    },
    install: async () =>
      update
        ? update.install()
        : failed('lifecycle-step', { model: 'Outpost', state: reason('state-not-fetched') }),
  };
}

/** Before the store is opened: where this is the version before the last update, the copy of its data comes back. */
export async function comeBack(data: string, log: Log): Promise<void> {
  const idle: AutoUpdaterPort = {
    autoDownload: false,
    autoInstallOnAppQuit: false,
    check: async () => null,
    download: () => Promise.reject(new Error('nothing was offered')),
    quitAndInstall: () => undefined,
  };
  const back = await createAppUpdate({
    updater: idle,
    appVersion: app.getVersion(),
    folder: data,
    snapshot: () => Promise.resolve(failed('store-unavailable', { reason: reason('store-not-open') })),
    restore: (snapshot) => restoreStore(data, snapshot),
    now: () => new Date(),
    log: (level, text) => log.write(level, text),
  }).comeBack();
  if (!back.ok) log.write('warn', `the copy of the store was not opened: ${back.fault.message}`);
}

async function copyStore(data: string, copy: (file: string) => Promise<boolean>): Promise<Outcome<string>> {
  const folder = join(data, 'snapshots');
  const file = join(folder, `outpost-${app.getVersion()}.db`);
  await makeFolders(folder);
  await rm(file, { force: true });
  return (await copy(file)) ? ok(file) : failed('disk-full', { file });
}

/** The store of the newer version goes aside, not away. */
async function restoreStore(data: string, snapshot: string): Promise<Outcome<void>> {
  const file = join(data, 'outpost.db');
  const aside = join(data, `outpost.newer-${new Date().toISOString().replaceAll(':', '-')}.db`);
  const draft = `${file}.returning`;
  try {
    // Copied first: where there is no copy or no room, the store stays as it is.
    await copyFile(snapshot, draft);
    for (const part of ['', '-wal', '-shm'])
      await rename(`${file}${part}`, `${aside}${part}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    await rename(draft, file);
    return ok(undefined);
  } catch (error) {
    await rm(draft, { force: true });
    return failed('store-unavailable', { reason: detail((error as Error).message) });
  }
}
