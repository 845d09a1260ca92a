import type { Job } from './job.ts';
import type { PooledWorker } from './pooled-worker.ts';

/**
 * Which worker of a pool gets a job: the ready one with the fewest outstanding jobs, below `depth`. A retried job gets a
 * worker to itself. Null while all are busy.
 */
export function chooseWorker(
  workers: Iterable<PooledWorker>,
  job: Pick<Job, 'crashes'>,
  depth: number,
): PooledWorker | null {
  let best: PooledWorker | null = null;
  for (const worker of workers) {
    if (!worker.isReady || worker.isAlone || worker.outstanding >= (job.crashes > 0 ? 1 : depth)) continue;
    if (!best || worker.outstanding < best.outstanding) best = worker;
  }
  return best;
}
