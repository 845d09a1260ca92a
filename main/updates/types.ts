import type { AppTarget } from '../../contract/feed.ts';
import type { Outcome } from '../../contract/faults.ts';
import { type Reason } from '../../contract/reasons.ts';
import type { Settings } from '../../contract/settings.ts';
import type {
  CheckReport,
  DownloadProgress,
  Offer,
  UpdateSource,
  UpdatesState,
} from '../../contract/update.ts';

/** What is known here and decides what is offered. */
export type OnHere = {
  readonly appVersion: string;
  /** Names this device for staged roll-outs; made once, never sent. */
  readonly deviceId: string;
  readonly installed: readonly {
    readonly model: string;
    readonly version: string;
    readonly digest: string;
  }[];
  readonly denied: readonly { readonly model: string; readonly version: string; readonly why: Reason }[];
};

/** The two copies of the ratchets (SQLite, beside the packs); `read` gives the greater of each. */
export type RatchetKeeper = {
  read(): Promise<Readonly<Record<string, number>>>;
  /** Only after everything has been checked. */
  raise(values: Readonly<Record<string, number>>): Promise<Outcome<void>>;
};

export type UpdatesPorts = {
  /** `<data>/trust`: trusted first roots and the metadata last seen. */
  readonly trustFolder: string;
  /** First roots that are compiled in, as JSON texts. */
  readonly firstRoots: readonly string[];
  readonly ratchets: RatchetKeeper;
  readonly settings: () => Promise<Settings>;
  readonly now: () => Date;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Node's; an instance of builder-util-runtime's HttpExecutor. */
  readonly httpExecutor: unknown;
  /** False where the system says that the connection is metered. */
  readonly isUnmetered: () => boolean;
};

export type CheckRequest = {
  readonly source: UpdateSource;
  readonly here: OnHere;
  /** A person saw the dates of an expired feed and goes on. Never for http. */
  readonly consentExpired?: boolean;
  /** A version that is asked for by number or is to be repaired: the report offers it or says why not, whatever is newer. */
  readonly wanted?: { readonly model: string; readonly version: string };
};

/** An old version's `.outpack`, bytes that need not cross the wire. */
export type DeltaBasis = { readonly file: string; readonly version: string };
export type FetchRequest = {
  readonly source: UpdateSource;
  readonly offer: Offer;
  /** Where the whole, verified `.outpack` is put; an earlier try's partial file beside it is resumed. */
  readonly to: string;
  readonly basis: DeltaBasis | null;
  readonly byHand: boolean;
  readonly consentExpired?: boolean;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
};
export type Fetched = {
  /** Bytes that crossed the wire, blockmaps included. */
  readonly transferred: number;
  readonly way: 'delta' | 'full' | 'copy' | 'kept';
};

/** Whose feed this is, before it is trusted. */
export type RootPreview = {
  readonly publisher: string;
  readonly fingerprint: string;
  readonly keys: number;
  readonly threshold: number;
  readonly expires: string;
};

/** An installer of Outpost itself that a verified feed carries. */
export type AppOffer = AppTarget & {
  readonly size: number;
  /** In base64, as electron-updater has it. */
  readonly sha512: string;
  /** In hexadecimal; the file lies in the feed as `targets/app/<sha256>.<file>`. */
  readonly sha256: string;
};

export type Updates = {
  state(): UpdatesState;
  onChange(listener: () => void): () => void;
  /** Verifies metadata and says what it has for this computer. Moves no pack. */
  check(request: CheckRequest, options: { signal: AbortSignal }): Promise<Outcome<CheckReport>>;
  /** Moves the bytes of a verified offer and checks them against the signed length and digest. */
  fetch(request: FetchRequest): Promise<Outcome<Fetched>>;
  previewRoot(file: string): Promise<Outcome<RootPreview>>;
  /** `fingerprint` must be the one that the person was shown or was told. */
  trust(file: string, fingerprint: string): Promise<Outcome<void>>;
  distrust(fingerprint: string): Promise<Outcome<void>>;
  /** Newest installer for this platform in the last verified metadata of this source. */
  appOffer(source: UpdateSource, platform: string): Promise<Outcome<AppOffer | null>>;
  close(): Promise<void>;
};
