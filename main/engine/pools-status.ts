import type { Fault } from '../../contract/faults/faults.ts';

/** Workers of all pools, and what waits for them. */
export type PoolsStatus = {
  readonly workers: number;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** Times that a worker was started again after it ended by itself. */
  readonly restarts: number;
  readonly queued: number;
  readonly running: number;
  /** How long the oldest request has waited. */
  readonly oldestWaitMs: number;
  /** Resident bytes of this process and its workers. */
  readonly memoryBytes: number;
};

/** How much of a version is in memory: `stopped` keeps the reason why it cannot be. */
export type LoadedState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped'; readonly fault: Fault };

/** What who serves may do with the workers. */
export type EngineWorkers = {
  /** `ref` is `id@version`. */
  stateOf(ref: string): LoadedState;
  /** Ends the workers of every version of this model when they are done; it stays away until `warm`, or until someone at this computer asks it. */
  unload(id: string): Promise<void>;
  /** Versions (`id@version`) that are in memory, and for how long nobody has asked for each. */
  loaded(): readonly { readonly ref: string; readonly idleMs: number }[];
  /** Ends the idle workers of this version; they start again with its next request. */
  release(ref: string): void;
  /** How many more requests may wait: without room another one would be refused. */
  room(): number;
  /** How many requests are decoded or run. */
  inHand(): number;
  /** How many requests may wait from now on. */
  limitQueue(maxQueued: number): void;
  /** Whether anything names this version (`id@version`): where nothing does any more, its workers end after its last request. */
  setNamed(ref: string, isNamed: boolean): void;
  /** One worker more or fewer for each model in use, never below one. */
  resize(by: 1 | -1): void;
  status(): PoolsStatus;
};
