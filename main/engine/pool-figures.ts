import type { Pool } from './pool.ts';

/** What all pools together hold and do now; `memoryBytes` is resident memory of their workers. */
export function figuresOf(pools: readonly Pool[]) {
  const sum = (of: (pool: Pool) => number): number => pools.reduce((total, pool) => total + of(pool), 0);
  return {
    queued: sum(({ waiting }) => waiting),
    running: sum(({ running }) => running),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    workers: sum(({ pids }) => pids.length),
    minWorkers: sum(({ range }) => range.least),
    maxWorkers: sum(({ range }) => range.most),
    restarts: sum((pool) => pool.restarts),
    oldestWaitMs: Math.max(0, ...pools.map(({ oldestWaitMs }) => oldestWaitMs)),
    pids: pools.flatMap(({ pids }) => pids),
  };
}
