import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { Reason } from '../../contract/faults/reasons.ts';
import type { ServedState } from '../../contract/serving/serving.ts';
import type { OpenReadingEngineOptions } from '../composition/index.ts';
import type { Observation } from '../engine/index.ts';
import type { Caller, HttpServerOptions } from '../http/index.ts';
import type { ServingOptions, Unready } from '../serving/index.ts';
import type { GatheredChange } from '../store/index.ts';

/*
 * The messages between the arbiter and an HTTP worker, as structured clones over the IPC channel of child_process. Writes to
 * the store and figures go to the arbiter in groups. Of requests only the first read of a connection passes this way, which may be
 * all of a small one; responses never do.
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

/** Configuration of a worker, as plain data; equal for all workers of a generation. */
export type HttpWorkerSetup = {
  readonly engine: Omit<OpenReadingEngineOptions, 'inProcess' | 'writer' | 'onObserved' | 'log' | 'client'>;
  readonly serving: Pick<ServingOptions, 'preload' | 'batching' | 'cached'> & {
    readonly held: readonly (readonly [string, string])[];
    readonly unloaded: readonly string[];
  };
  readonly http: Pick<
    HttpServerOptions,
    'appVersion' | 'bind' | 'anyone' | 'allowedHosts' | 'corsOrigins' | 'limits'
  > & {
    /** Each worker reads it itself, and again on `tokens`. */
    readonly tokenFile: string | null;
  };
  readonly speaksGrpc: boolean;
  /** Timeout of one run of a model, in milliseconds. */
  readonly timeoutMs: number;
  /** The watchdog's built file. */
  readonly watchdog: string;
};

/** Limits over all workers together. */
export type Totals = {
  /** Most requests that may be queued. */
  readonly backlog: number;
  /** Most milliseconds that a request may have to wait. */
  readonly maxWaitMs: number;
  /** Most bytes of requests and responses in progress. */
  readonly requestMemoryBytes: number;
  readonly maxBodyBytes: number;
  /** Most models in memory; one counts once, however many workers have it. */
  readonly maxLoaded: number;
};
/** The part of one worker in these limits; it changes with the number of workers. */
export type Share = {
  readonly maxQueued: number;
  readonly requestMemoryBytes: number;
  /** How many have a part. */
  readonly processes: number;
};

/** What workers refuse and journal after crashes. */
export type Guarded = {
  /** Each run is journaled before it starts, and runs one at a time. */
  readonly isWatching: boolean;
  /** Inputs that crashed several workers, with the reason of the crash. */
  readonly refused: readonly (readonly [input: string, reason: Reason])[];
  /** Quarantined models (`id@version`), which crashed workers with any input. */
  readonly setAside: readonly (readonly [model: string, fault: Fault])[];
};

/** The periodic report of a worker. */
export type HttpWorkerState = {
  readonly isReady: boolean;
  readonly unready: readonly Unready[];
  /** By `id@version`. */
  readonly models: readonly (readonly [string, ServedState])[];
  readonly queued: number;
  readonly running: number;
  readonly oldestWaitMs: number;
  readonly rssBytes: number;
  readonly activeConnections: number;
  readonly room: Room;
  readonly requestMemory: { readonly heldBytes: number; readonly refused: number };
  /** Versions in memory, with the time since this worker last used each. */
  readonly loaded: readonly { readonly ref: string; readonly idleMs: number }[];
};

/** Figures of many requests: each set of common fields once, as JSON, and the numbers in rows (columns.ts). */
export type Columns = { readonly common: readonly string[]; readonly numbers: Float64Array };

/** For how many more requests a worker has room, besides those that have a place already; at 0 it refuses them. */
export type Room = number;

export type Gathered = {
  readonly kind: 'gathered';
  readonly changes: readonly GatheredChange[];
  /** `Served` and `AccessEntry`, packed. */
  readonly served: Columns | null;
  readonly access: Columns | null;
  readonly observed: readonly Observation[];
  readonly room: Room;
};

export type AskArbiter =
  | { readonly kind: 'store'; readonly call: GatheredChange }
  | { readonly kind: 'metrics'; readonly caller: Caller }
  | { readonly kind: 'statistics' }
  | { readonly kind: 'load'; readonly ref: string }
  | { readonly kind: 'unload'; readonly model: string };
export type AskHttpWorker =
  | { readonly kind: 'load'; readonly ref: string }
  | { readonly kind: 'unload'; readonly model: string }
  /** Sends its gathered changes, then replies. */
  | { readonly kind: 'flush' }
  | { readonly kind: 'tokens'; readonly file: string };

type Reply = { readonly kind: 'answer'; readonly id: number; readonly value: unknown };
export type ToHttpWorker =
  | {
      readonly kind: 'start';
      readonly setup: HttpWorkerSetup;
      readonly guarded: Guarded;
      readonly share: Share;
    }
  /** Comes with the connection's handle; `head`: bytes already read from it. */
  | { readonly kind: 'connection'; readonly protocol: 'http' | 'grpc'; readonly head: Uint8Array }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: AskHttpWorker }
  | { readonly kind: 'status'; readonly status: SharedStatus }
  | { readonly kind: 'share'; readonly share: Share }
  /** Unloads these versions as soon as they are idle. */
  | { readonly kind: 'release'; readonly refs: readonly string[] }
  /** Closes this many of its active connections after their next response. */
  | { readonly kind: 'shed'; readonly connections: number }
  | { readonly kind: 'guard'; readonly guarded: Guarded }
  | { readonly kind: 'drain'; readonly graceMs: number }
  | Reply;
export type FromHttpWorker =
  /** Ready to accept connections. */
  | { readonly kind: 'up' }
  /** Its models are loaded, except the failed ones. */
  | { readonly kind: 'warm'; readonly failed: readonly { readonly model: string; readonly fault: Fault }[] }
  | { readonly kind: 'state'; readonly state: HttpWorkerState }
  /** Acknowledges the connection. If the worker ends before this, the connection goes to another. */
  | { readonly kind: 'taken'; readonly room: Room }
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
  /** By `id@version`: the state in the most advanced worker. */
  readonly models: readonly (readonly [string, ServedState])[];
};
export type Statistics = Readonly<Record<string, object>>;
export type Changed = Outcome<void>;

/** Write-ahead journal of what a worker runs; `input` is null for a load. */
export type JournalLine =
  | { readonly kind: 'running'; readonly model: string; readonly input: string | null }
  | { readonly kind: 'idle' };
/** Lines of JSON that the watchdog and the journal write to a pipe, which the arbiter can read after the process has crashed. */
export type WatchdogLine =
  { readonly kind: 'alive' } | { readonly kind: 'timeout'; readonly model: string } | JournalLine;
/** File descriptor of that pipe in the worker. */
export const watchdogPipe = 4;
