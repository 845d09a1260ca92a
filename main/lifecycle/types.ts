import type { Outcome } from '../../contract/faults/faults.ts';
import type { PackPart } from '../../contract/packs/pack-parts.ts';
import { type Reason } from '../../contract/faults/reasons.ts';
import type { Confirmation, TrialItemQuery, TrialReport } from '../../contract/lifecycle/trial.ts';
import type { ItemConfirmations } from './confirm-items.ts';
import type { StoredTrialItem } from '../store/index.ts';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import type { VersionPolicy } from '../../contract/lifecycle/lifecycle.ts';
import type {
  CheckReport,
  DownloadProgress,
  ImportPreview,
  Offer,
  UpdateSource,
} from '../../contract/lifecycle/update.ts';

export type VersionName = { readonly model: string; readonly version: string };

/** What main/updates provides; injected by main/composition. Without it nothing can be downloaded. */
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
      /** A version requested by number: it is offered, or refused with the reason. */
      readonly wanted?: VersionName;
      /** A part of a composed pack: its newest version in this range is offered as well, or refused with the reason. */
      readonly part?: Pick<PackPart, 'pack' | 'versions'>;
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
  /** Default: the feed of the settings. */
  readonly source?: UpdateSource;
  readonly consentExpired?: boolean;
  /** False for background work that no person started. */
  readonly byHand?: boolean;
};
export type Stop = { readonly signal?: AbortSignal };

export type CompareRequest = {
  readonly model: string;
  readonly from: string;
  readonly to: string;
  /** Files and folders, or the paths of a former run. */
  readonly inputs: AsyncIterable<string> | Iterable<string>;
};

/** `own`: the path of a file that the user built as a pack. Installing it needs no permission in the settings. */
export type OwnPack = { readonly own?: string };

/**
 * The lifecycle of the models on this computer; state diagram in contract/lifecycle/lifecycle.ts. Changes are serialised, also
 * across processes.
 */
export type Lifecycle = {
  list(): Promise<readonly Timeline[]>;
  show(model: string): Promise<Outcome<Timeline>>;
  /** Checks a source (default: the settings' feed) and records what it offers. */
  check(source?: UpdateSource, options?: Stop & { consentExpired?: boolean }): Promise<Outcome<CheckReport>>;
  /** offered → … → on-trial (waiting), or straight to active for the first version of a model. */
  get(request: GetRequest, options?: Stop): Promise<Outcome<Timeline>>;
  /** Parts of an installed pack that are missing, from the settings' feed. */
  getParts(name: VersionName, options?: Stop): Promise<Outcome<Timeline>>;
  cancel(name: VersionName): Promise<Outcome<Timeline>>;
  /** Describes a file and what installing it would change; changes nothing. */
  preview(path: string, options?: { consentExpired?: boolean }): Promise<Outcome<ImportPreview>>;
  /** Installs a local `.outpack` or pack folder, if the settings allow unsigned packs. */
  installLocal(path: string, options?: Stop & OwnPack): Promise<Outcome<Timeline>>;
  try(name: VersionName, options?: Stop): Promise<Outcome<Timeline>>;
  switchTo(name: VersionName): Promise<Outcome<Timeline>>;
  keep(name: VersionName): Promise<Outcome<Timeline>>;
  rollBack(model: string): Promise<Outcome<Timeline>>;
  setPolicy(model: string, policy: VersionPolicy): Promise<Outcome<Timeline>>;
  remove(name: VersionName): Promise<Outcome<Timeline>>;
  /**
   * Removes every version of an installed model, after ending its work in this process. Answers and confirmations stay.
   */
  removeModel(model: string): Promise<Outcome<Timeline>>;
  repair(name: VersionName, source?: UpdateSource): Promise<Outcome<Timeline>>;
  exportTo(name: VersionName, file: string): Promise<Outcome<{ readonly size: number }>>;
  compare(request: CompareRequest, options?: Stop): Promise<Outcome<TrialReport>>;
  trialItems(query: TrialItemQuery): Promise<{ items: readonly StoredTrialItem[]; total: number }>;
  confirm(confirmation: Confirmation): Promise<void>;
  unconfirm(digest: string, model: string): Promise<void>;
  readonly confirmItems: ItemConfirmations['confirmItems'];
  readonly takeBackItems: ItemConfirmations['takeBackItems'];
  confirmed(digest: string, model: string): Promise<Confirmation | null>;
  /** Resumes interrupted work, runs golden samples that are due, and checks for updates if the settings say so. */
  resume(): Promise<void>;
};
