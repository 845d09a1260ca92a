import type { Fault } from '../../../contract/faults.ts';
import type { JoinedSpec, LoadSpec } from '../../../contract/wire.ts';
import type { EngineLimits } from '../types.ts';
import type { Work, WorkerLink } from '../workers/index.ts';

export type PoolOptions = {
  /** `id@version`, for faults. */
  readonly model: string;
  /** Null: workers without a model, for thumbnails. */
  readonly spec: LoadSpec | JoinedSpec | null;
  /** Most workers; it starts with `limits.minWorkers` when that is fewer. */
  readonly workers: number;
  /** Items that one worker is given at a time, so that the next is decoded while one runs. */
  readonly depth: number;
  readonly limits: EngineLimits;
  readonly requestTimeoutMs: () => number;
  /** `isFirst`: no other worker of the pool stays beside it; further ones are for load, and never shared. */
  readonly startLink: (isFirst: boolean) => WorkerLink;
  readonly onChange: () => void;
  /** An input that the model must be able to answer, to distinguish a bad model from bad inputs; null when the pack has none. */
  readonly sample: () => Promise<Work | null>;
  /** The model was set aside, or (null) answers again. */
  readonly onStopped: (fault: Fault | null) => void;
};

/** Requests that the caller holds back before they reach the pool, counted towards its limits. */
export type QueueLoad = {
  /** Requests that wait before they are handed to the pool. */
  readonly waiting: number;
  readonly waitMs: number;
  readonly isOver: boolean;
};
