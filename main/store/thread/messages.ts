import type { StoreState } from '../../../contract/serving/status.ts';
import type { PurgeQuery } from '../cache.ts';

/*
 * What the store's methods and its threads send to each other. `name` and `input` are a declared query and its arguments.
 *
 *   store ── change ───────────> writer      no reply: gathered there, committed in groups
 *   store ── ask (seq) ────────> writer      exactly one reply with the same seq
 *   store ── ask (seq) ────────> reader      pages, history and checks, on a read-only connection of its own
 *   store <── state ──────────── writer
 */

export type GatheredChange = { readonly name: string; readonly input: readonly unknown[] };
export type Ask = {
  readonly seq: number;
  /** The name of a declared read or awaited change, or of a member of `Duty`. */
  readonly name: string;
  readonly input: readonly unknown[];
};
/** What the threads do besides the declared queries. */
export type Duty = {
  flush(): null;
  close(): null;
  /** Writes the whole store to a file that must not exist yet. */
  copyTo(file: string): boolean;
  purge(query: PurgeQuery): { readonly removed: number };
};

export type ToThread = ({ readonly kind: 'change' } & GatheredChange) | ({ readonly kind: 'ask' } & Ask);
export type FromThread =
  | { readonly kind: 'state'; readonly state: StoreState; readonly inMemory: boolean }
  | { readonly kind: 'reply'; readonly seq: number; readonly ok: true; readonly value: unknown }
  /** Refused for a reason outside the store (full disk, lock, damage): the caller uses the query's fallback. */
  | { readonly kind: 'reply'; readonly seq: number; readonly ok: false; readonly reason: string };

/** The `workerData` of a thread. */
export type ThreadStart = {
  readonly role: 'writer' | 'reader';
  readonly folder: string;
  readonly appVersion: string;
};
