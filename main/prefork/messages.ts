import type { Fault, Outcome } from '../../contract/faults.ts';
import type { Reason } from '../../contract/reasons.ts';
import type { BatchingParameters, Served, ServedState } from '../../contract/serving.ts';
import type { OpenReadingEngineOptions } from '../composition/index.ts';
import type { Observation } from '../engine/index.ts';
import type { AccessEntry, Caller, HttpServerOptions } from '../http/index.ts';
import type { ServingOptions, Unready } from '../serving/index.ts';
import type { GatheredChange } from '../store/index.ts';

/*
 * The messages between the arbiter and an HTTP worker, as structured clones over the channel of child_process. What a worker
 * has to keep, count and show goes to the arbiter in groups; nothing of a request or an answer does.
 *
 *   arbiter ── start ──────────────────────> worker
 *   arbiter <── up, warm, state ──────────── worker
 *   arbiter ── connection (with a handle) ─> worker
 *   arbiter <── taken ────────────────────── worker      before it reads of the connection; one at a time
 *   arbiter <── gathered ─────────────────── worker      at most 50 ms after it happened
 *   each ── ask (id) ──> other ── answer (id) ──> back
 *   arbiter ── share, status, guard ───────> worker      whenever they change
 *   arbiter ── drain ──────────────────────> worker      which ends when its connections have
 */

/** How a worker answers; plain data. Every worker of a generation has the same. */
export type WorkerSetup = {
  readonly engine: Omit<OpenReadingEngineOptions, 'inProcess' | 'writer' | 'onObserved' | 'log' | 'client'>;
  readonly serving: Pick<ServingOptions, 'preload' | 'batching' | 'cached'> & {
    readonly held: readonly (readonly [string, string])[];
    readonly unloaded: readonly string[];
  };
  readonly http: Pick<
    HttpServerOptions,
    'appVersion' | 'bind' | 'anyone' | 'allowedHosts' | 'corsOrigins' | 'limits'
  > & {
    /** Read by each worker itself, and again for `tokens`. */
    readonly tokenFile: string | null;
  };
  readonly speaksGrpc: boolean;
  /** Longest time that one run of a model may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The watchdog's built file. */
  readonly watchdog: string;
};

/** What holds for all workers together. */
export type Totals = {
  /** Requests that may wait. */
  readonly backlog: number;
  /** Longest that one may have to. */
  readonly maxWaitMs: number;
  /** What requests and answers under way may hold. */
  readonly requestMemoryBytes: number;
  readonly maxBodyBytes: number;
  /** Models in memory, however many workers have each. */
  readonly maxLoaded: number;
};
/** The part of one worker in it; it changes with their number. */
export type Share = { readonly maxQueued: number; readonly requestMemoryBytes: number };

/** What workers are spared, after crashes. */
export type Guarded = {
  /** What is run is written down before it is, one at a time. */
  readonly isWatching: boolean;
  /** Inputs that ended worker after worker, with how it ended. */
  readonly refused: readonly (readonly [input: string, reason: Reason])[];
  /** Models (`id@version`) that did, whatever they were given. */
  readonly setAside: readonly (readonly [model: string, fault: Fault])[];
};

/** What a worker is like, as the arbiter last heard. */
export type WorkerState = {
  readonly isReady: boolean;
  readonly unready: readonly Unready[];
  /** By `id@version`. */
  readonly models: readonly (readonly [string, ServedState])[];
  readonly queued: number;
  readonly running: number;
  readonly oldestWaitMs: number;
  readonly rssBytes: number;
  readonly connections: number;
  readonly requestMemory: { readonly heldBytes: number; readonly refused: number };
  /** Versions in memory, and for how long nobody has asked this worker for each. */
  readonly loaded: readonly { readonly ref: string; readonly idleMs: number }[];
};

/** Figures of many requests of one kind: their fields in common once, and numbers in columns. */
export type Columns = { readonly common: readonly string[]; readonly numbers: Float64Array };

export type Gathered = {
  readonly kind: 'gathered';
  readonly changes: readonly GatheredChange[];
  /** `Served` and `AccessEntry`, packed. */
  readonly served: Columns | null;
  readonly access: Columns | null;
  readonly observed: readonly Observation[];
  /** As many requests wait in it as may. */
  readonly isFull: boolean;
};

export type AskArbiter =
  | { readonly kind: 'store'; readonly call: GatheredChange }
  | { readonly kind: 'metrics'; readonly caller: Caller }
  | { readonly kind: 'statistics' }
  | { readonly kind: 'load'; readonly ref: string }
  | { readonly kind: 'unload'; readonly model: string };
export type AskWorker =
  | { readonly kind: 'load'; readonly ref: string }
  | { readonly kind: 'unload'; readonly model: string }
  /** Sends what it has gathered, then answers. */
  | { readonly kind: 'flush' }
  | { readonly kind: 'tokens' };

type Reply = { readonly kind: 'answer'; readonly id: number; readonly value: unknown };
export type ToHttpWorker =
  | { readonly kind: 'start'; readonly setup: WorkerSetup; readonly guarded: Guarded; readonly share: Share }
  /** Comes with the connection's handle; `head` was read of it already. */
  | { readonly kind: 'connection'; readonly protocol: 'http' | 'grpc'; readonly head: Uint8Array }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: AskWorker }
  | { readonly kind: 'status'; readonly status: SharedStatus }
  | { readonly kind: 'share'; readonly share: Share }
  /** Versions that are to leave memory when they are idle. */
  | { readonly kind: 'release'; readonly refs: readonly string[] }
  /** So many of its kept connections are to end with their next answer. */
  | { readonly kind: 'shed'; readonly connections: number }
  | { readonly kind: 'guard'; readonly guarded: Guarded }
  | { readonly kind: 'drain'; readonly graceMs: number }
  | Reply;
export type FromHttpWorker =
  /** It takes connections. */
  | { readonly kind: 'up' }
  /** The models that are to be loaded were, except those. */
  | { readonly kind: 'warm'; readonly failed: readonly { readonly model: string; readonly fault: Fault }[] }
  | { readonly kind: 'state'; readonly state: WorkerState }
  /** It has the connection that it was sent. A connection whose worker ends before this is another one's. */
  | { readonly kind: 'taken' }
  | Gathered
  | { readonly kind: 'ask'; readonly id: number; readonly ask: AskArbiter }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | Reply;

/** Figures of all workers together. */
export type SharedStatus = {
  readonly workers: number;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly restarts: number;
  /** By `id@version`: how each is in the worker that is furthest. */
  readonly models: readonly (readonly [string, ServedState])[];
};
/** Answers of the arbiter. */
export type Statistics = Readonly<Record<string, object>>;
export type Changed = Outcome<void>;

/** What a worker is at, written before it is: `input` is null for a load. */
export type JournalLine =
  | { readonly kind: 'running'; readonly model: string; readonly input: string | null }
  | { readonly kind: 'idle' };
/** What the watchdog and the journal write, a line of JSON each, on a pipe of their own: it outlives the process. */
export type WatchdogLine =
  { readonly kind: 'alive' } | { readonly kind: 'timeout'; readonly model: string } | JournalLine;
/** File descriptor of that pipe in the worker. */
export const watchdogPipe = 4;

export type { AccessEntry, BatchingParameters, Served };
