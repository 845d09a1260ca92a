import type { Fault } from '../../contract/faults.ts';
import type { JoinVerdict } from '../../contract/joining.ts';
import type { GoldenResult } from '../../contract/model.ts';
import type { PredictionRecord } from '../../contract/prediction.ts';
import type { LabelCount, RunPage, RunPageQuery, RunRow } from '../../contract/run.ts';
import type { Settings, SettingsPatch } from '../../contract/settings.ts';
import type { CacheStats, ProviderReport, ShapeReport, StoreState } from '../../contract/status.ts';
import type { LifecycleStore } from './lifecycle-door.ts';
import type { SeriesStore } from './series-door.ts';
import type { TensorAnswerStore } from './tensor-answers-door.ts';
import type { TokenStore } from './tokens-door.ts';
import type { z } from 'zod';

/** What tells an unchanged file from a changed one without reading it. Times in nanoseconds since 1970. */
export type FileIdentity = {
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly inode: bigint;
};

/** What is stored of an answer; `shape`, `cached` and `input` belong to the asking and are added by the engine. */
export type StoredAnswer = Omit<PredictionRecord, 'cached' | 'input'>;

export type RunHead = {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
  readonly startedAt: string;
};
/** A finished item of a run; `seq` is given by the store in order of arrival. `key` is the answer's result key. */
export type RunItemEntry = {
  readonly run: string;
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  readonly label: string | null;
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly cached: boolean;
  readonly fault: Fault | null;
};
/** A row as the store has it: the engine turns `path` into a FileRef. */
/** `name` is what the run calls the item: its folders below the run's own, then the file. */
export type StoredRunRow = Omit<RunRow, 'ref' | 'folder'> & {
  readonly path: string;
  readonly key: string | null;
};
export type StoredRunPage = Omit<RunPage, 'rows'> & { readonly rows: readonly StoredRunRow[] };

export type CacheEntry = {
  readonly key: string;
  readonly input: string;
  readonly model: string;
  readonly version: string;
  readonly variant: string;
  readonly provider: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly at: string;
  readonly usedAt: string;
  readonly kept: boolean;
};
export type HistoryQuery = {
  readonly label?: string;
  readonly model?: string;
  readonly before?: { at: string; key: string };
  readonly limit: number;
};
export type PurgeQuery = { readonly olderThanMs?: number; readonly model?: string; readonly all?: boolean };
export type CacheVerifyReport = {
  readonly checked: number;
  readonly damaged: readonly { key: string; reason: string }[];
  readonly integrity: string;
};

/**
 * The store: SQLite on a thread of its own, behind promises. Writes return when they are queued in memory; they reach the
 * disk in groups at most 50 ms apart, and `flush` waits for that. Reads see every write that was made before them.
 * Nothing here rejects for an expected reason: when the disk is full or read-only, writes are dropped, `state` says so, and reads go on.
 */
export type Store = LifecycleStore &
  SeriesStore &
  TensorAnswerStore &
  TokenStore & {
    state(): StoreState;
    onState(listener: (state: StoreState) => void): () => void;

    /** Digest of an unchanged file that was read before. */
    digestOf(file: FileIdentity): Promise<string | null>;
    rememberFile(file: FileIdentity, digest: string): void;
    /** False when no input with exactly this many bytes was ever answered, so that hashing the file first cannot find anything. */
    knowsSize(size: number): Promise<boolean>;

    answer(key: string): Promise<StoredAnswer | null>;
    /** One hop for the whole fast path: digest of the unchanged file and, if known, the answer under `keyOf(digest)`'s parts. */
    lookup(
      file: FileIdentity,
      parts: { pack: string; variant: string; provider: string; settings: string },
    ): Promise<{
      digest: string | null;
      sizeKnown: boolean;
      key: string | null;
      answer: StoredAnswer | null;
    }>;
    putAnswer(key: string, answer: StoredAnswer, file: FileIdentity | null): void;
    keepAnswer(key: string, kept: boolean): Promise<void>;

    startRun(head: RunHead): Promise<void>;
    addRunItem(item: RunItemEntry): void;
    runPage(query: RunPageQuery): Promise<StoredRunPage>;
    runItem(run: string, seq: number): Promise<StoredRunRow | null>;
    runLabels(run: string, limit: number): Promise<readonly z.infer<typeof LabelCount>[]>;
    /** seq of the first faults, for the strip. */
    runFaultSeqs(run: string, limit: number): Promise<readonly number[]>;

    settings(): Promise<Settings>;
    setSettings(patch: SettingsPatch): Promise<Settings>;

    saveProvider(device: string, report: ProviderReport): void;
    providers(device: string): Promise<readonly ProviderReport[]>;
    forgetProviders(device: string, model: string): Promise<void>;
    saveShape(device: string, report: ShapeReport): void;
    shapes(device: string): Promise<readonly ShapeReport[]>;
    saveGolden(device: string, packDigest: string, result: GoldenResult): void;
    golden(device: string, packDigest: string): Promise<GoldenResult | null>;
    /** `model` names the pack by its digest, with variant and provider. */
    saveJoining(device: string, model: string, verdict: JoinVerdict): void;
    joining(device: string, model: string): Promise<JoinVerdict | null>;

    cacheStats(): Promise<CacheStats>;
    /** Newest first. */
    history(query: HistoryQuery): Promise<readonly CacheEntry[]>;
    purge(query: PurgeQuery): Promise<{ removed: number }>;
    verifyCache(): Promise<CacheVerifyReport>;

    /** Writes a copy of the whole store to a file that is not there yet; false when it could not. */
    copyTo(file: string): Promise<boolean>;
    /** Waits until everything written so far is on disk. */
    flush(): Promise<void>;
    close(): Promise<void>;
  };

export type StoreOptions = {
  /** Folder that holds `outpost.db`; made when missing. */
  readonly folder: string;
  /** Built file of the store's thread (`out/main/store.js`). */
  readonly threadFile: string;
  readonly appVersion: string;
};
