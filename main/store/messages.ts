import type { StoreState } from '../../contract/status.ts';
import type { PurgeQuery } from './cache.ts';

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
  /** A declared read or awaited change, or one of `Duty`. */
  readonly name: string;
  readonly input: readonly unknown[];
};
/** What the threads do beside the declared queries. */
export type Duty = {
  flush(): null;
  close(): null;
  /** Writes the whole store to a file that is not there yet. */
  copyTo(file: string): boolean;
  purge(query: PurgeQuery): { readonly removed: number };
};

export type ToThread = ({ readonly kind: 'change' } & GatheredChange) | ({ readonly kind: 'ask' } & Ask);
export type FromThread =
  | { readonly kind: 'state'; readonly state: StoreState; readonly inMemory: boolean }
  | { readonly kind: 'reply'; readonly seq: number; readonly ok: true; readonly value: unknown }
  /** Refused for a reason that lies outside the store (full disk, lock, damage): the caller answers with what is safe. */
  | { readonly kind: 'reply'; readonly seq: number; readonly ok: false; readonly reason: string };

/** What a thread is started with. */
export type ThreadStart = {
  readonly role: 'writer' | 'reader';
  readonly folder: string;
  readonly appVersion: string;
};
