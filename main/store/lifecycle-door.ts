import type {
  CanaryReport,
  DeniedVersion,
  LifecycleEvent,
  Pointer,
  VersionPolicy,
  VersionRecord,
} from '../../contract/lifecycle.ts';
import type { Confirmation, TrialReport, Verdict } from '../../contract/trial.ts';
import type { LabelScore } from '../../contract/labels.ts';

/** One change of the lifecycle. Those handed to `commitLifecycle` together are one transaction, on disk before it comes back. */
export type LifecycleChange =
  | { readonly kind: 'version'; readonly record: VersionRecord }
  /** Forgets a version that was only offered. */
  | { readonly kind: 'forget-version'; readonly model: string; readonly version: string }
  /** Taken only when its `seq` is greater than the stored one. */
  | { readonly kind: 'pointer'; readonly model: string; readonly pointer: Pointer }
  /** No version of the model is here any more; its next one begins anew. */
  | { readonly kind: 'forget-pointer'; readonly model: string }
  | { readonly kind: 'policy'; readonly model: string; readonly policy: VersionPolicy }
  | { readonly kind: 'event'; readonly event: LifecycleEvent }
  | { readonly kind: 'deny'; readonly denied: DeniedVersion }
  | { readonly kind: 'undeny'; readonly model: string; readonly version: string }
  | { readonly kind: 'canary'; readonly report: CanaryReport }
  | { readonly kind: 'end-canary'; readonly model: string };

export type LifecycleRows = {
  readonly versions: readonly VersionRecord[];
  readonly pointers: readonly { readonly model: string; readonly pointer: Pointer }[];
  readonly policies: readonly { readonly model: string; readonly policy: VersionPolicy }[];
  readonly denied: readonly DeniedVersion[];
  readonly canaries: readonly CanaryReport[];
};

/** An item of a comparison as it is stored. `seq` counts from 0. */
export type StoredTrialItem = {
  readonly seq: number;
  readonly path: string;
  readonly name: string;
  readonly labelId: string;
  readonly label: string;
  readonly verdict: Verdict;
  readonly from: LabelScore | null;
  readonly to: LabelScore | null;
};
export type TrialItemsQuery = {
  readonly id: string;
  readonly labelId?: string;
  readonly verdict?: Verdict;
  readonly offset: number;
  readonly limit: number;
};

/** A distinct input that was answered before and whose file may still be there. */
export type RecentInput = { readonly digest: string; readonly path: string; readonly at: string };

/** The lifecycle's part of the store. As everywhere in the store, nothing rejects for an expected reason. */
export type LifecycleStore = {
  lifecycle(): Promise<LifecycleRows>;
  /** False when nothing was written (full disk, read-only store): then nothing of it holds. */
  commitLifecycle(changes: readonly LifecycleChange[]): Promise<boolean>;
  /** Newest first. */
  lifecycleEvents(model: string, limit: number): Promise<readonly LifecycleEvent[]>;
  /** Stored answers by version of a model. */
  answersByVersion(model: string): Promise<readonly { version: string; answers: number }[]>;

  /** Numbers that only go up, by name; setting a smaller one changes nothing. */
  ratchets(): Promise<Readonly<Record<string, number>>>;
  raiseRatchets(values: Readonly<Record<string, number>>): Promise<boolean>;

  confirm(confirmation: Confirmation): Promise<void>;
  unconfirm(digest: string, model: string): Promise<void>;
  confirmation(digest: string, model: string): Promise<Confirmation | null>;
  /** Newest first. */
  confirmations(model: string, limit: number): Promise<readonly Confirmation[]>;
  /** By version: of the confirmed inputs that it answered, how many it has right (first label). */
  confirmedByVersion(model: string): Promise<readonly { version: string; right: number; of: number }[]>;
  /** Last distinct inputs that a model answered, newest first. */
  recentInputs(model: string, limit: number): Promise<readonly RecentInput[]>;

  saveTrial(report: TrialReport, items: readonly StoredTrialItem[]): Promise<void>;
  /** The newest comparison whose `to` is this version. */
  trial(model: string, to: string): Promise<TrialReport | null>;
  trialItems(query: TrialItemsQuery): Promise<{ items: readonly StoredTrialItem[]; total: number }>;
};
