import type { CancellationToken, CustomPublishOptions, UpdateInfo } from 'builder-util-runtime';
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js';
import { AppUpdater } from 'electron-updater/out/AppUpdater.js';
import type {
  DownloadExecutorResult,
  DownloadExecutorTask,
  DownloadUpdateOptions,
} from 'electron-updater/out/AppUpdater.js';
import { DownloadedUpdateHelper } from 'electron-updater/out/DownloadedUpdateHelper.js';
import { Provider } from 'electron-updater/out/providers/Provider.js';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { ResolvedUpdateFileInfo } from 'electron-updater';
import type { Executor } from '../http-get.ts';
import type { MoveTarget, MoverParts } from './types.ts';

type ModelUpdate = {
  readonly target: MoveTarget;
  readonly version: string;
  /** A folder for this update only; it holds the finished file until that is moved. */
  readonly cacheFolder: string;
  readonly executor: Executor;
  readonly log: MoverParts['log'];
  /** Puts the complete, verified file at `destination`. */
  readonly move: (destination: string, token: CancellationToken) => Promise<void>;
};

/**
 * electron-updater used for a model: its states, events, cancelling and staging folder. Instead of reading a feed, it
 * is given verified metadata, and Outpost downloads and verifies the bytes.
 */
export class ModelUpdater extends AppUpdater {
  declare httpExecutor: unknown;
  readonly #update: ModelUpdate;

  constructor(update: ModelUpdate) {
    // The feed is set after the executor: setFeedURL captures it, and the constructor sets it to null.
    super(null, adapterOf(update.cacheFolder));
    this.#update = update;
    this.httpExecutor = update.executor;
    // Otherwise electron-updater would read the app's app-update.yml.
    this.downloadedUpdateHelper = new DownloadedUpdateHelper(update.cacheFolder);
    this.logger = {
      info: () => undefined,
      warn: (text?: unknown) => update.log('warn', String(text)),
      error: () => undefined,
    };
    this.autoDownload = false;
    this.autoInstallOnAppQuit = false;
    this.allowDowngrade = false;
    const feed: CustomPublishOptions & { update: ModelUpdate } = {
      provider: 'custom',
      updateProvider: VerifiedProvider as never,
      update,
    };
    this.setFeedURL(feed);
  }

  protected override async doDownloadUpdate(options: DownloadUpdateOptions): Promise<DownloadExecutorResult> {
    const { info, provider } = options.updateInfoAndProvider;
    const [fileInfo] = provider.resolveFiles(info) as [ResolvedUpdateFileInfo];
    const task: DownloadExecutorTask = {
      fileExtension: 'outpack',
      fileInfo,
      downloadUpdateOptions: options,
      task: async (destination) => this.#update.move(destination, options.cancellationToken),
      done: async (event) => this.dispatchUpdateDownloaded(event),
    };
    return this.executeDownload(task);
  }

  override quitAndInstall(): void {
    throw new Error('a model never restarts the app');
  }
}

/** A provider that returns verified metadata and reads nothing. */
class VerifiedProvider extends Provider<UpdateInfo> {
  readonly #update: ModelUpdate;

  constructor(
    options: { readonly update: ModelUpdate },
    _updater: AppUpdater,
    runtime: ProviderRuntimeOptions,
  ) {
    super({ ...runtime, isUseMultipleRangeRequest: false });
    this.#update = options.update;
  }

  override async getLatestVersion(): Promise<UpdateInfo> {
    const { target, version } = this.#update;
    const sha512 = Buffer.from(target.sha512 ?? '', 'hex').toString('base64');
    return {
      version,
      files: [{ url: 'pack.outpack', sha512, size: target.size }],
      path: 'pack.outpack',
      sha512,
      releaseDate: '',
    };
  }

  /** The same file name for every pack: no text from a feed becomes part of a path in the cache. */
  override resolveFiles({ files }: UpdateInfo): ResolvedUpdateFileInfo[] {
    return [{ url: new URL('file:///pack.outpack'), info: files[0]! }];
  }
}

/** Version 0.0.0, lower than any: whether a version may be installed was decided before. */
function adapterOf(folder: string): AppAdapter {
  return {
    version: '0.0.0-0',
    name: 'outpost-models',
    isPackaged: true,
    appUpdateConfigPath: '',
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: async () => undefined,
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  };
}
