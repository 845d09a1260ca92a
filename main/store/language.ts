import type { JoinVerdict } from '../../contract/joining.ts';
import type { GoldenResult } from '../../contract/model.ts';
import type { LifecycleEvent } from '../../contract/lifecycle.ts';
import type { RunPageQuery } from '../../contract/run.ts';
import type { CacheStats, ProviderReport, ShapeReport, StoreState } from '../../contract/status.ts';
import type { Confirmation, TrialReport } from '../../contract/trial.ts';
import type {
  CacheEntry,
  CacheVerifyReport,
  FileIdentity,
  HistoryQuery,
  PurgeQuery,
  RunHead,
  RunItemEntry,
  StoredAnswer,
  StoredRunPage,
  StoredRunRow,
} from './door.ts';
import type {
  LifecycleChange,
  LifecycleRows,
  RecentInput,
  StoredTrialItem,
  TrialItemsQuery,
} from './lifecycle-door.ts';
import type { SeriesEntry, SeriesPage, SeriesQuery } from './series-door.ts';
import type { TensorAnswerEntry } from './tensor-answers-door.ts';
import type { StoredToken } from './tokens-door.ts';

/*
 * What the door and its threads say to each other.
 *
 *   door ── write ─────────────> writer      no reply: gathered there, committed in groups
 *   door ── ask (seq) ─────────> writer      exactly one reply with the same seq
 *   door ── ask (seq) ─────────> reader      pages, history and checks, on a read-only connection of its own
 *   door <── opened, state ───── writer
 */

/** Changes that nobody waits for. */
export type Write =
  | { readonly kind: 'token-used'; readonly id: string; readonly at: string }
  | { readonly kind: 'add-series'; readonly entry: SeriesEntry; readonly nowMs: number }
  | { readonly kind: 'remember-file'; readonly file: FileIdentity; readonly digest: string }
  | {
      readonly kind: 'put-answer';
      readonly key: string;
      readonly answer: StoredAnswer;
      readonly file: FileIdentity | null;
    }
  | { readonly kind: 'put-tensor-answer'; readonly key: string; readonly entry: TensorAnswerEntry }
  | { readonly kind: 'add-run-item'; readonly item: RunItemEntry }
  | { readonly kind: 'save-provider'; readonly device: string; readonly report: ProviderReport }
  | { readonly kind: 'save-shape'; readonly device: string; readonly report: ShapeReport }
  | {
      readonly kind: 'save-golden';
      readonly device: string;
      readonly pack: string;
      readonly result: GoldenResult;
    }
  | { readonly kind: 'save-joining'; readonly place: JoinPlace; readonly verdict: JoinVerdict };
/** `model` names the pack by its digest, with variant and provider. */
export type JoinPlace = { readonly device: string; readonly model: string };

export type LookupParts = {
  readonly pack: string;
  readonly variant: string;
  readonly provider: string;
  readonly settings: string;
};
export type Found = {
  readonly digest: string | null;
  readonly sizeKnown: boolean;
  readonly key: string | null;
  readonly answer: StoredAnswer | null;
};
/** Settings as they are stored: JSON texts by key, not yet parsed. */
export type StoredSettings = Readonly<Record<string, string>>;

/** Questions by name, with what is asked and what is replied. Changes among them are committed before the reply. */
export type Sentences = {
  'digest-of': { in: FileIdentity; out: string | null };
  'knows-size': { in: number; out: boolean };
  answer: { in: string; out: StoredAnswer | null };
  'tensor-answer': { in: string; out: Uint8Array | null };
  lookup: { in: { readonly file: FileIdentity; readonly parts: LookupParts }; out: Found };
  'keep-answer': { in: { readonly key: string; readonly kept: boolean }; out: null };
  'start-run': { in: RunHead; out: null };
  'run-page': { in: RunPageQuery; out: StoredRunPage };
  'run-item': { in: { readonly run: string; readonly seq: number }; out: StoredRunRow | null };
  'run-labels': {
    in: { readonly run: string; readonly limit: number };
    out: readonly { label: string; count: number }[];
  };
  'run-fault-seqs': { in: { readonly run: string; readonly limit: number }; out: readonly number[] };
  settings: { in: null; out: StoredSettings };
  'set-settings': { in: StoredSettings; out: StoredSettings };
  providers: { in: string; out: readonly ProviderReport[] };
  'forget-providers': { in: { readonly device: string; readonly model: string }; out: null };
  shapes: { in: string; out: readonly ShapeReport[] };
  golden: { in: { readonly device: string; readonly pack: string }; out: GoldenResult | null };
  joining: { in: JoinPlace; out: JoinVerdict | null };
  'cache-stats': { in: null; out: Omit<CacheStats, 'capBytes'> };
  history: { in: HistoryQuery; out: readonly CacheEntry[] };
  purge: { in: PurgeQuery; out: { readonly removed: number } };
  verify: { in: null; out: CacheVerifyReport };
  lifecycle: { in: null; out: LifecycleRows };
  'commit-lifecycle': { in: readonly LifecycleChange[]; out: boolean };
  'lifecycle-events': {
    in: { readonly model: string; readonly limit: number };
    out: readonly LifecycleEvent[];
  };
  'answers-by-version': { in: string; out: readonly { version: string; answers: number }[] };
  ratchets: { in: null; out: Readonly<Record<string, number>> };
  'raise-ratchets': { in: Readonly<Record<string, number>>; out: boolean };
  confirm: { in: Confirmation; out: null };
  unconfirm: { in: { readonly digest: string; readonly model: string }; out: null };
  confirmation: { in: { readonly digest: string; readonly model: string }; out: Confirmation | null };
  confirmations: { in: { readonly model: string; readonly limit: number }; out: readonly Confirmation[] };
  'confirmed-by-version': {
    in: string;
    out: readonly { version: string; right: number; of: number }[];
  };
  'recent-inputs': { in: { readonly model: string; readonly limit: number }; out: readonly RecentInput[] };
  'save-trial': {
    in: { readonly report: TrialReport; readonly items: readonly StoredTrialItem[] };
    out: null;
  };
  trial: { in: { readonly model: string; readonly to: string }; out: TrialReport | null };
  'trial-items': { in: TrialItemsQuery; out: { items: readonly StoredTrialItem[]; total: number } };
  series: { in: SeriesQuery; out: SeriesPage };
  tokens: { in: null; out: readonly StoredToken[] };
  'save-token': { in: StoredToken; out: boolean };
  'copy-to': { in: string; out: boolean };
  flush: { in: null; out: null };
  close: { in: null; out: null };
};
export type SentenceName = keyof Sentences;
export type Ask = {
  [N in SentenceName]: {
    readonly kind: 'ask';
    readonly seq: number;
    readonly name: N;
    readonly input: Sentences[N]['in'];
  };
}[SentenceName];

export type ToThread = { readonly kind: 'write'; readonly write: Write } | Ask;
export type FromThread =
  | { readonly kind: 'opened'; readonly state: StoreState; readonly inMemory: boolean }
  | { readonly kind: 'state'; readonly state: StoreState; readonly inMemory: boolean }
  | { readonly kind: 'reply'; readonly seq: number; readonly ok: true; readonly value: unknown }
  /** Refused for a reason that lies outside the store (full disk, lock, damage): the door answers with what is safe. */
  | { readonly kind: 'reply'; readonly seq: number; readonly ok: false; readonly reason: string };

/** What a thread is started with. */
export type ThreadStart = {
  readonly role: 'writer' | 'reader';
  readonly folder: string;
  readonly appVersion: string;
  /** Cap of the stored answers while nobody chose one. */
  readonly defaultCapBytes: number;
};
