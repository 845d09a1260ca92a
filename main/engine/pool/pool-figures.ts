import type { Pool } from './pool.ts';

/** What all pools together hold and do now; `memoryBytes` is resident memory of their workers, which several pools may share. */
export function figuresOf(pools: readonly Pool[]) {
  const sum = (of: (pool: Pool) => number): number => pools.reduce((total, pool) => total + of(pool), 0);
  const pids = [...new Set(pools.flatMap((pool) => pool.pids))];
  return {
    queued: sum(({ waiting }) => waiting),
    running: sum(({ running }) => running),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    workers: pids.length,
    minWorkers: sum(({ range }) => range.least),
    maxWorkers: sum(({ range }) => range.most),
    restarts: sum((pool) => pool.restarts),
    oldestWaitMs: Math.max(0, ...pools.map(({ oldestWaitMs }) => oldestWaitMs)),
    pids,
  };
}

/** Bytes of one worker of these pools, the mean of all; null before any is known. */
export function workerBytesOf(pools: readonly Pool[]): number | null {
  const bytes = pools.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  const workers = pools.reduce((sum, { pids }) => sum + pids.length, 0);
  return bytes > 0 && workers > 0 ? bytes / workers : null;
}
