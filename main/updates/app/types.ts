import type { Outcome } from '../../../contract/faults.ts';
import type { AppOffer } from '../types.ts';

/** What Outpost uses of electron-updater's `autoUpdater`. The real one is given by main/app. */
export type AutoUpdaterPort = {
  /** Sets what stock electron-updater would do on its own: nothing is fetched or installed unless it is told. */
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  /** What its feed says; null where there is nothing newer. */
  check(): Promise<{
    readonly version: string;
    /** Base64, as in its feed. */
    readonly files: readonly { readonly sha512: string; readonly size?: number }[];
  } | null>;
  /** Fetches what the last check found and gives the path of the file. */
  download(signal: AbortSignal): Promise<string>;
  quitAndInstall(): void;
};

export type AppUpdateParts = {
  readonly updater: AutoUpdaterPort;
  readonly appVersion: string;
  /** Keeps what the next version finds beside its own copies. */
  readonly folder: string;
  /** Copies the data folder's store and says where the copy lies. */
  readonly snapshot: () => Promise<Outcome<string>>;
  /** Opens a copy in place of the store, which goes aside and not away. */
  readonly restore: (snapshot: string) => Promise<Outcome<void>>;
  readonly now: () => Date;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};

/*
 *   none ──download──> downloading ──> ready ──install──> gone (the program ends)
 *                          │             └── not as signed any more ──> none
 *                          └── fault, cancelled ──> none
 */
export type AppUpdate = {
  state(): { readonly kind: 'none' | 'downloading' } | { readonly kind: 'ready'; readonly version: string };
  /** Fetches the installer of a verified offer, and no other. */
  download(offer: AppOffer, options: { readonly signal: AbortSignal }): Promise<Outcome<void>>;
  /** Hashes the file again, copies the store, then ends the program and installs. */
  install(): Promise<Outcome<void>>;
  /** At the start, before the store is opened: true where this is the version before the last update and its copy of the store was opened. */
  comeBack(): Promise<Outcome<boolean>>;
};
