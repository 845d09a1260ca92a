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
