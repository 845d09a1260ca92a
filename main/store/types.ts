import type { StoreState } from '../../contract/serving/status.ts';
import type { PurgeQuery } from './cache.ts';
import type { Calls } from './declare.ts';
import type { queries as storeQueries } from './queries.ts';

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
