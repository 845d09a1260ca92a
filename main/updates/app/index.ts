import { rm } from 'node:fs/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, systemReason, type Reason } from '../../../contract/faults/reasons.ts';
import { compareVersions } from '../../packs/index.ts';
import type { AppOffer } from '../types.ts';
import type { AppUpdate, AppUpdateParts } from './types.ts';
import { dropReturn, measureFile, readReturn, writeReturn } from './returns.ts';

export type { AppUpdate, AppUpdateParts, AutoUpdaterPort } from './types.ts';

/** Whether version `one` comes after version `other`. */
export const isNewer = (one: string, other: string): boolean => compareVersions(one, other) > 0;

type Ready = { readonly offer: AppOffer; readonly file: string };

/** Updates Outpost itself by means of electron-updater; only an installer that the verified feed signed is ever run. */
export function createAppUpdate(parts: AppUpdateParts): AppUpdate {
  const { updater, appVersion, folder, snapshot, restore, now, log } = parts;
  let isDownloading = false;
  let ready: Ready | null = null;
  // By default electron-updater downloads what its own, unsigned feed names and installs it on quit.
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;

  async function download(offer: AppOffer, { signal }: { signal: AbortSignal }): Promise<Outcome<void>> {
    if (isDownloading)
      return failed('lifecycle-step', { model: 'Outpost', state: reason('state-being-fetched') });
    if (compareVersions(offer.version, appVersion) <= 0)
      return failed('version-not-newer', { model: `Outpost ${offer.version}`, installed: appVersion });
    isDownloading = true;
    ready = null;
    try {
      const found = await updater.check();
      if (signal.aborted) return failed('cancelled');
      if (found?.version !== offer.version)
        return unverified(reason(found ? 'app-other-version' : 'app-nothing-newer'));
      // Checked before the download, so that an unsigned installer is never on the disk.
      if (!found.files.some(({ sha512 }) => sha512 === offer.sha512))
        return unverified(reason('app-other-file'));
      const file = await updater.download(signal);
      if (signal.aborted) return failed('cancelled');
      const proved = await prove(file, offer);
      if (proved.ok) ready = { offer, file };
      return proved;
    } catch (error) {
      if (signal.aborted) return failed('cancelled');
      log('warn', `the update of Outpost was not fetched: ${String(error)}`);
      return failed('download-dropped', { feed: reason('outpost-feed'), reason: systemReason(error) });
    } finally {
      isDownloading = false;
    }
  }

  async function install(): Promise<Outcome<void>> {
    if (!ready) return failed('lifecycle-step', { model: 'Outpost', state: reason('state-not-fetched') });
    const { offer, file } = ready;
    const copied = await snapshot();
    if (!copied.ok) return copied;
    await writeReturn(folder, {
      from: appVersion,
      to: offer.version,
      snapshot: copied.value,
      at: now().toISOString(),
      isReached: false,
    });
    // Verified again right before running: the file may have been changed since the download.
    const proved = await prove(file, offer);
    if (!proved.ok) {
      ready = null;
      await dropReturn(folder);
      return proved;
    }
    updater.quitAndInstall();
    return ok(undefined);
  }

  async function comeBack(): Promise<Outcome<boolean>> {
    const noted = await readReturn(folder);
    if (noted?.to === appVersion && !noted.isReached)
      await writeReturn(folder, { ...noted, isReached: true });
    if (noted?.from !== appVersion) return ok(false);
    if (!noted.isReached) {
      // The update was not installed: the current store is newer than the copy.
      await dropReturn(folder);
      return ok(false);
    }
    const restored = await restore(noted.snapshot);
    if (!restored.ok) return restored;
    log('info', `Outpost ${noted.to} was taken back; the data are those of ${noted.at}`);
    await dropReturn(folder);
    return ok(true);
  }

  return {
    state: () => {
      if (isDownloading) return { kind: 'downloading' };
      return ready ? { kind: 'ready', version: ready.offer.version } : { kind: 'none' };
    },
    download,
    install,
    comeBack,
  };
}

async function prove(file: string, { sha512, size }: AppOffer): Promise<Outcome<void>> {
  const measured = await measureFile(file);
  if (measured?.sha512 === sha512 && measured.size === size) return ok(undefined);
  await rm(file, { force: true });
  return unverified(reason(measured ? 'app-content-differs' : 'app-not-read'));
}

const unverified = (why: Reason): Outcome<never> => failed('app-update-unverified', { reason: why });
