import { availableMemoryBytes } from '../../lib/capacity.ts';
import type { Pool } from './pool.ts';

const everyMs = 500;
/** Queue wait above which one worker is added, if there is memory for it. */
const longWaitMs = 100;
/** Number of consecutive checks without a wait after which one worker is removed. */
const calmLooks = 60;

/** Pools grow while requests wait and memory is free, and shrink when nothing waited for half a minute. */
export function createScaler(pools: () => Iterable<Pool>): { stop(): void } {
  const calm = new WeakMap<Pool, number>();
  const look = (pool: Pool): void => {
    const { workers, most, least } = pool.range;
    const waitMs = Math.max(pool.oldestWaitMs, pool.waits.takeLongest());
    if (waitMs > longWaitMs) {
      calm.set(pool, 0);
      if (workers < most && !pool.isGrowing && hasRoom(pool)) pool.resize(workers + 1);
      return;
    }
    const looks = (calm.get(pool) ?? 0) + 1;
    calm.set(pool, looks);
    if (looks < calmLooks || workers <= least) return;
    calm.set(pool, 0);
    pool.resize(workers - 1);
  };
  const timer = setInterval(() => {
    for (const pool of pools()) look(pool);
  }, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}

/** Free memory must cover two more workers of the current size. */
function hasRoom({ memoryBytes, pids }: Pool): boolean {
  return availableMemoryBytes() > (2 * memoryBytes) / Math.max(1, pids.length);
}
