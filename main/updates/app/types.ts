import type { Outcome } from '../../../contract/faults/faults.ts';
import type { AppOffer } from '../types.ts';

/** The part of electron-updater's `autoUpdater` that Outpost uses; implemented by main/app. */
export type AutoUpdaterPort = {
  /** Set to false: electron-updater downloads and installs only when told to. */
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  /** The content of its feed; null when it has nothing newer. */
  check(): Promise<{
    readonly version: string;
    /** In base64, as in its feed. */
    readonly files: readonly { readonly sha512: string; readonly size?: number }[];
  } | null>;
  /** Downloads what the last check found; returns the path of the file. */
  download(signal: AbortSignal): Promise<string>;
  quitAndInstall(): void;
};

export type AppUpdateParts = {
  readonly updater: AutoUpdaterPort;
  readonly appVersion: string;
  /** Folder for what a later start needs: the returns file and the copies of the store. */
  readonly folder: string;
  /** Copies the store; returns the path of the copy. */
  readonly snapshot: () => Promise<Outcome<string>>;
  /** Replaces the store by a copy; the replaced one is kept under another name. */
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
  /** Downloads the installer of a verified offer. */
  download(offer: AppOffer, options: { readonly signal: AbortSignal }): Promise<Outcome<void>>;
  /** Verifies the file again, copies the store, then quits and installs. */
  install(): Promise<Outcome<void>>;
  /**
   * Called at start before the store is opened: true when this is the version before the last update and its copy of
   * the store was restored.
   */
  comeBack(): Promise<Outcome<boolean>>;
};
