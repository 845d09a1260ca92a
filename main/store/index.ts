import type { StoreState } from '../../contract/status.ts';
import type { PurgeQuery } from './cache.ts';
import { createCalls } from './calls.ts';
import type { Calls, Queries } from './declare.ts';
import { queries as storeQueries } from './queries.ts';
import { startThreads } from './threads.ts';

export type { FileIdentity, FoundAnswer, StoredAnswer } from './answers.ts';
export type { CacheEntry, CacheVerifyReport, HistoryQuery, PurgeQuery } from './cache.ts';
export type { RecentInput } from './confirmations.ts';
export type { StoredExportItem, StoredExportRun } from './exports.ts';
export type { CopiedFileEntry, IntakeHead, StoredCopy, StoredIntake } from './intakes.ts';
export type { OutlineItem } from './run-folders.ts';
export type { LifecycleChange, LifecycleRows } from './lifecycle.ts';
export type { EndedRunsQuery } from './run-list.ts';
export type { StoredRunPage } from './run-views.ts';
export type {
  StoredRunRequest,
  RunChange,
  RunCursor,
  RunHead,
  RunProgress,
  RunCommand,
  StoredRun,
} from './run-journal.ts';
export type { RunItemEntry, StoredRunRow } from './runs.ts';
export type { AnsweredFile, InputVolume, WatchedFile } from './run-watched.ts';
export type {
  LatencyCounts,
  MachineRow,
  SeriesEntry,
  SeriesPage,
  SeriesQuery,
  SeriesRow,
  SeriesSums,
} from './series.ts';
export type {
  GroupedInputs,
  InputGroups,
  KnownFile,
  SimilarInput,
  SimilarInputs,
  SimilarQuery,
} from './similar.ts';
export type { TensorAnswerEntry } from './tensor-answers.ts';
export type { StoredToken } from './tokens.ts';
export type { StoredTrialItem, TrialItemsQuery } from './trials.ts';
export { resultKey } from './result-key.ts';

/**
 * The store: SQLite on threads of its own, behind promises. Its methods are the declared queries (queries.ts) and those
 * below. Changes that are not awaited are committed in groups at most 50 ms apart; `flush` waits for that. Reads see
 * every change made before them. No method rejects for an expected reason: when the disk is full or read-only, changes
 * are dropped, `state` has the reason, and reads go on.
 */
export type Store = Calls<typeof storeQueries> & StoreItself;
export type StoreItself = {
  state(): StoreState;
  onState(listener: (state: StoreState) => void): () => void;
  /** Removes answers that are not pinned, in small portions so that other requests can run in between. */
  purge(query: PurgeQuery): Promise<{ readonly removed: number }>;
  /** Writes a copy of the whole store to a file that must not exist yet; false when it could not. */
  copyTo(file: string): Promise<boolean>;
  /** Waits until every change so far is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type StoreOptions = {
  /** Folder of `outpost.db`; created when missing. */
  readonly folder: string;
  /** Built entry file of the store's threads (`out/main/store.js`). */
  readonly threadFile: string;
  readonly appVersion: string;
};

/** Starts the store's writer thread and opens, creates or replaces the store; resolves once that is settled. */
export const openStore = (options: StoreOptions): Promise<Store> => openStoreWith(storeQueries, options);

/** The same for a thread entry that serves these queries. */
export async function openStoreWith<Q extends Queries>(
  queries: Q,
  { folder, threadFile, appVersion }: StoreOptions,
): Promise<Calls<Q> & StoreItself> {
  const threads = await startThreads(threadFile, { folder, appVersion });
  const { askWriter, state, onState, close } = threads;
  return {
    ...createCalls(queries, threads),
    state,
    onState,
    purge: (query) =>
      askWriter({ name: 'purge', input: [query] }, { removed: 0 }) as Promise<{ removed: number }>,
    copyTo: (file) => askWriter({ name: 'copyTo', input: [file] }, false) as Promise<boolean>,
    flush: async () => void (await askWriter({ name: 'flush', input: [] }, null)),
    close,
  };
}
