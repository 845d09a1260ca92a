import type { AppTarget } from '../../contract/lifecycle/feed.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { PackPart } from '../../contract/packs/pack-parts.ts';
import { type Reason } from '../../contract/faults/reasons.ts';
import type { Settings } from '../../contract/settings.ts';
import type {
  CheckReport,
  DownloadProgress,
  Offer,
  UpdateSource,
  UpdatesState,
} from '../../contract/lifecycle/update.ts';

/** Facts about this computer that decide what is offered. */
export type OnHere = {
  readonly appVersion: string;
  /** Random id for staged roll-outs; created once, never sent. */
  readonly deviceId: string;
  readonly installed: readonly {
    readonly model: string;
    readonly version: string;
    readonly digest: string;
  }[];
  readonly denied: readonly { readonly model: string; readonly version: string; readonly why: Reason }[];
};

/** The two copies of the ratchets (SQLite, and beside the packs); `read` returns the higher value of each. */
export type RatchetKeeper = {
  read(): Promise<Readonly<Record<string, number>>>;
  /** To be called only after everything has been verified. */
  raise(values: Readonly<Record<string, number>>): Promise<Outcome<void>>;
};

export type UpdatesPorts = {
  /** `<data>/trust`: trusted first roots and the metadata last seen. */
  readonly trustFolder: string;
  /** Compiled-in first roots, as JSON texts. */
  readonly firstRoots: readonly string[];
  readonly ratchets: RatchetKeeper;
  readonly settings: () => Promise<Settings>;
  readonly now: () => Date;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Node's, an instance of builder-util-runtime's HttpExecutor. */
  readonly httpExecutor: unknown;
  /** False when the system reports a metered connection. */
  readonly isUnmetered: () => boolean;
};

export type CheckRequest = {
  readonly source: UpdateSource;
  readonly here: OnHere;
  /** The user saw that the feed has expired and accepted it. Never for http. */
  readonly consentExpired?: boolean;
  /**
   * A version requested by number or for repair: it is reported as an offer or with its fault, even if a newer one
   * exists.
   */
  readonly wanted?: { readonly model: string; readonly version: string };
  /** Beside the newest version of each model, the newest of this pack in this range. */
  readonly part?: Pick<PackPart, 'pack' | 'versions'>;
};

/** An old version's `.outpack`, whose blocks need not be downloaded. */
export type DeltaBasis = { readonly file: string; readonly version: string };
export type FetchRequest = {
  readonly source: UpdateSource;
  readonly offer: Offer;
  /** Path of the complete, verified `.outpack`; a partial file beside it is resumed. */
  readonly to: string;
  readonly basis: DeltaBasis | null;
  readonly byHand: boolean;
  readonly consentExpired?: boolean;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
};
export type Fetched = {
  /** Bytes downloaded, blockmaps included. */
  readonly transferred: number;
  readonly way: 'delta' | 'full' | 'copy' | 'kept';
};

/** Who publishes a feed, before it is trusted. */
export type RootPreview = {
  readonly publisher: string;
  readonly fingerprint: string;
  readonly keys: number;
  readonly threshold: number;
  readonly expires: string;
};

/** An installer of Outpost itself in a verified feed. */
export type AppOffer = AppTarget & {
  readonly size: number;
  /** In base64, as electron-updater has it. */
  readonly sha512: string;
  /** In hexadecimal; the file in the feed is `targets/app/<sha256>.<file>`. */
  readonly sha256: string;
};

export type Updates = {
  state(): UpdatesState;
  onChange(listener: () => void): () => void;
  /** Verifies metadata and lists what it offers to this computer. Downloads no pack. */
  check(request: CheckRequest, options: { signal: AbortSignal }): Promise<Outcome<CheckReport>>;
  /** Downloads a verified offer and verifies it against the signed length and digest. */
  fetch(request: FetchRequest): Promise<Outcome<Fetched>>;
  previewRoot(file: string): Promise<Outcome<RootPreview>>;
  /** `fingerprint` must be the one that the user confirmed. */
  trust(file: string, fingerprint: string): Promise<Outcome<void>>;
  distrust(fingerprint: string): Promise<Outcome<void>>;
  /** Newest installer for this platform in this source's last verified metadata. */
  appOffer(source: UpdateSource, platform: string): Promise<Outcome<AppOffer | null>>;
  close(): Promise<void>;
};
