import electronUpdater from 'electron-updater';
import type { ResolvedUpdateFileInfo, UpdateInfo } from 'electron-updater';
import { CancellationToken } from 'builder-util-runtime';
import { DownloadedUpdateHelper } from 'electron-updater/out/DownloadedUpdateHelper.js';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { AutoUpdaterPort } from '../updates/app/index.ts';
import type { AppOffer } from '../updates/index.ts';
import { onAbort } from '../lib/abort.ts';
import type { Network } from './network.ts';

type StockUpdaterParts = {
  /** Of the feed. */
  readonly address: string;
  readonly executor: Network['executor'];
  /** The fetched installer waits in it. */
  readonly folder: string;
};

/**
 * electron-updater's own updater for this platform, told by the verified offer and by nothing else: no feed text of its
 * own is ever read, and what it fetches has the signed length and digest.
 */
export function stockUpdater(
  offer: AppOffer,
  { address, executor, folder }: StockUpdaterParts,
): AutoUpdaterPort {
  const { autoUpdater, Provider } = electronUpdater;
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  const url = new URL(`targets/app/${offer.sha256}.${offer.file}`, base);
  const info: UpdateInfo = {
    version: offer.version,
    files: [{ url: url.href, sha512: offer.sha512, size: offer.size }],
    path: url.href,
    sha512: offer.sha512,
    releaseDate: offer.publishedAt,
  };
  class OfferProvider extends Provider<UpdateInfo> {
    constructor(_options: unknown, _updater: unknown, runtimeOptions: ProviderRuntimeOptions) {
      super({ ...runtimeOptions, isUseMultipleRangeRequest: false });
    }
    getLatestVersion(): Promise<UpdateInfo> {
      return Promise.resolve(info);
    }
    resolveFiles(given: UpdateInfo): ResolvedUpdateFileInfo[] {
      return given.files.map((file) => ({ url: new URL(file.url), info: file }));
    }
  }
  // Set before the feed, which captures it. The default executor is Chromium's, which resolves no host here.
  Object.assign(autoUpdater, {
    httpExecutor: executor,
    // Without it app-update.yml would say where, which not every installation has.
    downloadedUpdateHelper: new DownloadedUpdateHelper(folder),
  });
  autoUpdater.setFeedURL({ provider: 'custom', updateProvider: OfferProvider as never });
  autoUpdater.disableDifferentialDownload = true;
  return {
    get autoDownload() {
      return autoUpdater.autoDownload;
    },
    set autoDownload(value: boolean) {
      autoUpdater.autoDownload = value;
    },
    get autoInstallOnAppQuit() {
      return autoUpdater.autoInstallOnAppQuit;
    },
    set autoInstallOnAppQuit(value: boolean) {
      autoUpdater.autoInstallOnAppQuit = value;
    },
    check: async () => (await autoUpdater.checkForUpdates())?.updateInfo ?? null,
    download: async (signal) => {
      const token = new CancellationToken();
      onAbort(signal, () => token.cancel());
      const [file] = await autoUpdater.downloadUpdate(token);
      if (file === undefined) throw new Error('electron-updater gave no file');
      return file;
    },
    quitAndInstall: () => autoUpdater.quitAndInstall(false, true),
  };
}
