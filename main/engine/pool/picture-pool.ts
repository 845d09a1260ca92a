import { Pool } from './pool.ts';
import type { PoolOptions } from './pool-options.ts';

/** Workers without a model, for thumbnails, copies and prepared photos: one is started by the first request, more while requests wait. */
export function createPicturePool(
  options: Pick<PoolOptions, 'workers' | 'limits' | 'requestTimeoutMs' | 'startLink' | 'onChange'>,
  leave: (pool: Pool) => void,
) {
  let pool: Pool | null = null;
  const drop = (): void => {
    if (pool) leave(pool);
    pool = null;
  };
  return {
    get current(): Pool | null {
      return pool;
    },
    use: (): Pool =>
      (pool ??= new Pool({
        ...options,
        model: 'thumbnails',
        spec: null,
        minWorkers: 1,
        depth: 2,
        sample: () => Promise.resolve(null),
        // No model, so nothing to quarantine: the next picture starts a new worker.
        onStopped: (why) => why && drop(),
      })),
    sweep: (): void => {
      if (pool && pool.idleMs >= options.limits.idleTimeoutMs) drop();
    },
  };
}
