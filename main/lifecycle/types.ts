import type { Outcome } from '../../contract/faults.ts';
import { type Reason } from '../../contract/reasons.ts';
import type { Confirmation, TrialItemQuery, TrialReport } from '../../contract/trial.ts';
import type { StoredTrialItem } from '../store/index.ts';
import type { Timeline } from '../../contract/timeline.ts';
import type { VersionPolicy } from '../../contract/lifecycle.ts';
import type {
  CheckReport,
  DownloadProgress,
  ImportPreview,
  Offer,
  UpdateSource,
} from '../../contract/update.ts';

export type VersionName = { readonly model: string; readonly version: string };

/** What main/updates does for the lifecycle; passed in by main/composition. Without it nothing can be fetched. */
export type UpdateFetcher = {
  check(
    request: {
      readonly source: UpdateSource;
      readonly here: {
        readonly appVersion: string;
        readonly deviceId: string;
        readonly installed: readonly { model: string; version: string; digest: string }[];
        readonly denied: readonly { model: string; version: string; why: Reason }[];
      };
      readonly consentExpired?: boolean;
      /** A version asked for by number: it is offered, or said why not. */
      readonly wanted?: VersionName;
    },
    options: { signal: AbortSignal },
  ): Promise<Outcome<CheckReport>>;
  fetch(request: {
    readonly source: UpdateSource;
    readonly offer: Offer;
    readonly to: string;
    readonly basis: { readonly file: string; readonly version: string } | null;
    readonly byHand: boolean;
    readonly consentExpired?: boolean;
    readonly onProgress: (progress: DownloadProgress) => void;
    readonly signal: AbortSignal;
  }): Promise<Outcome<{ readonly transferred: number; readonly way: string }>>;
};

export type GetRequest = VersionName & {
  /** Absent: the feed of the settings. */
  readonly source?: UpdateSource;
  readonly consentExpired?: boolean;
  /** False for what Outpost does by itself in the background. */
  readonly byHand?: boolean;
};
export type Stop = { readonly signal?: AbortSignal };

export type CompareRequest = {
  readonly model: string;
  readonly from: string;
  readonly to: string;
  /** Files and folders, or the paths of a past run. */
  readonly inputs: AsyncIterable<string> | Iterable<string>;
};

/** `own`: the file that the person made the pack of. It is theirs, so that no setting has to allow it. */
export type OwnPack = { readonly own?: string };

/** The lifecycle of the models on this computer; the drawing is in contract/lifecycle.ts. One change at a time, also across processes. */
export type Lifecycle = {
  list(): Promise<readonly Timeline[]>;
  show(model: string): Promise<Outcome<Timeline>>;
  /** Asks a source (default: the settings' feed) and notes what it offers. */
  check(source?: UpdateSource, options?: Stop & { consentExpired?: boolean }): Promise<Outcome<CheckReport>>;
  /** offered → … → on-trial (waiting), or straight to active where the model is new here. */
  get(request: GetRequest, options?: Stop): Promise<Outcome<Timeline>>;
  cancel(name: VersionName): Promise<Outcome<Timeline>>;
  /** Says what a file is and what installing it would change; changes nothing. */
  preview(path: string, options?: { consentExpired?: boolean }): Promise<Outcome<ImportPreview>>;
  /** A local `.outpack` or pack folder, when settings allow unsigned packs. */
  installLocal(path: string, options?: Stop & OwnPack): Promise<Outcome<Timeline>>;
  try(name: VersionName, options?: Stop): Promise<Outcome<Timeline>>;
  switchTo(name: VersionName): Promise<Outcome<Timeline>>;
  keep(name: VersionName): Promise<Outcome<Timeline>>;
  rollBack(model: string): Promise<Outcome<Timeline>>;
  setPolicy(model: string, policy: VersionPolicy): Promise<Outcome<Timeline>>;
  remove(name: VersionName): Promise<Outcome<Timeline>>;
  /** Every version of a model that was added; its work in this process is ended first. What was answered and confirmed stays. */
  removeModel(model: string): Promise<Outcome<Timeline>>;
  repair(name: VersionName, source?: UpdateSource): Promise<Outcome<Timeline>>;
  exportTo(name: VersionName, file: string): Promise<Outcome<{ readonly size: number }>>;
  compare(request: CompareRequest, options?: Stop): Promise<Outcome<TrialReport>>;
  trialItems(query: TrialItemQuery): Promise<{ items: readonly StoredTrialItem[]; total: number }>;
  confirm(confirmation: Confirmation): Promise<void>;
  unconfirm(digest: string, model: string): Promise<void>;
  confirmed(digest: string, model: string): Promise<Confirmation | null>;
  /** Resumes what a kill interrupted, golden samples that are due, and a check when settings say so. */
  resume(): Promise<void>;
};
