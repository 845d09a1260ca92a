import type { Fault } from '../../../contract/faults/faults.ts';
import type { JoinedSpec, LoadSpec } from '../../../contract/wire.ts';
import type { EngineLimits } from '../types.ts';
import type { Work, WorkerLink } from '../workers/index.ts';

export type PoolOptions = {
  /** `id@version`, for faults. */
  readonly model: string;
  /** Null: workers without a model, for thumbnails. */
  readonly spec: LoadSpec | JoinedSpec | null;
  /** Most workers; it starts with `minWorkers` when that is fewer. */
  readonly workers: number;
  readonly minWorkers: number;
  /** Prefetch: jobs sent to one worker at a time, so that it decodes the next while one runs. */
  readonly depth: number;
  readonly limits: EngineLimits;
  readonly requestTimeoutMs: () => number;
  /** `isFirst`: the pool has no other worker. Additional ones are for load and get a process of their own. */
  readonly startLink: (isFirst: boolean) => WorkerLink;
  readonly onChange: () => void;
  /** An input known to work, to tell a bad model from bad inputs; null when the pack has none. */
  readonly sample: () => Promise<Work | null>;
  /** The model was quarantined, or (null) released. */
  readonly onStopped: (fault: Fault | null) => void;
};

/** Requests that the caller holds back before they reach the pool, counted towards its limits. */
export type QueueLoad = {
  /** Requests that wait before they are handed to the pool. */
  readonly waiting: number;
  readonly waitMs: number;
  readonly isOver: boolean;
};
