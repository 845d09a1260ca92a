import { createCalls } from './calls.ts';
import type { Calls, Queries } from './declare.ts';
import { queries as storeQueries } from './queries.ts';
import type { GatheredChange } from './thread/messages.ts';
import type { WriterElsewhere } from './reading-store.ts';
import { startThreads } from './thread/threads.ts';
import type { Store, StoreItself } from './types.ts';

export type { FileIdentity } from './records.ts';
export type { StoredExportItem, StoredExportRun } from './exports.ts';
export type { ConfirmedBefore } from './item-confirmations.ts';
export type { StoredCopy, StoredIntake } from './intakes.ts';
export type { OutlinePlace, OutlineSlice } from './runs/outline.ts';
export type { OutlineOrigin } from './runs/origins.ts';
export type { LifecycleChange, LifecycleRows } from './lifecycle.ts';
export type { EndedRunsQuery } from './runs/list.ts';
export type { StoredRunRequest, RunHead, RunProgress, RunCommand, StoredRun } from './runs/journal.ts';
export type { RunItemEntry, StoredRunRow } from './runs/items.ts';
export type { AnsweredFile, InputVolume, WatchedFile } from './runs/watched.ts';
export type { MachineRow, SeriesPage, SeriesRow, SeriesSums } from './series.ts';
export type { GroupedInputs, KnownFile, SimilarInput } from './similar.ts';
export type { TensorResultEntry } from './tensor-results.ts';
export type { StoredToken } from './tokens.ts';
export type { StoredTrialItem } from './trials.ts';
export type { GatheredChange } from './thread/messages.ts';
export type { WriterElsewhere } from './reading-store.ts';
export type { Store, StoreItself } from './types.ts';
export { bytesPerResult } from './bytes-per-result.ts';
export { recordRow } from './record-row.ts';
export type { RecordRow, StoredRecord } from './record-row.ts';
export { refused } from './refused.ts';
export { resultKey } from './result-key.ts';

type StoreOptions = {
  /** Folder of `outpost.db`; created when missing. */
  readonly folder: string;
  /** Built entry file of the store's threads (`out/main/store.js`). */
  readonly threadFile: string;
  readonly appVersion: string;
};

/** The store of a process that only reads; SQLite is loaded for it here, where `openStore` has it on a thread. */
export async function openStoreReading(folder: string, writer: WriterElsewhere): Promise<Store> {
  return (await import('./reading-store.ts')).openReadingStore(folder, writer);
}

/** Does by name what such a process asked of the writer. */
export async function performFor(store: Store, call: GatheredChange): Promise<unknown> {
  return (await import('./reading-store.ts')).performFor(store, call);
}

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
