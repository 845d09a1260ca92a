import { Pool } from './pool.ts';
import type { PoolOptions } from './pool-options.ts';

/** One worker without a model, for thumbnails and prepared photos; started when it is first asked. */
export function createPicturePool(
  options: Pick<PoolOptions, 'limits' | 'requestTimeoutMs' | 'startLink' | 'onChange'>,
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
        workers: 1,
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
