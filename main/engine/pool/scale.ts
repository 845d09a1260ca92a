import { createSizing, lookMs } from '../../lib/sizing.ts';
import type { Pool } from './pool.ts';

/** Pools grow and shrink by how long requests wait and by the memory that is free. */
export function createScaler(pools: () => Iterable<Pool>): { stop(): void } {
  const sizings = new WeakMap<Pool, ReturnType<typeof createSizing>>();
  const sizingOf = (pool: Pool): ReturnType<typeof createSizing> => {
    const sizing = sizings.get(pool) ?? createSizing();
    sizings.set(pool, sizing);
    return sizing;
  };
  const look = (pool: Pool): void => {
    const { range, isGrowing, memoryBytes, pids } = pool;
    const waitMs = Math.max(pool.oldestWaitMs, pool.waits.takeLongest());
    const workerBytes = memoryBytes / Math.max(1, pids.length);
    const by = sizingOf(pool).look({ ...range, isGrowing, waitMs, workerBytes });
    if (by !== 0) pool.resize(range.workers + by);
  };
  const timer = setInterval(() => {
    for (const pool of pools()) look(pool);
  }, lookMs).unref();
  return { stop: () => clearInterval(timer) };
}
