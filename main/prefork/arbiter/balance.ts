import type { HttpWorkerProcess } from './http-worker-process.ts';

/**
 * Spreads keep-alive connections after a worker was added or replaced: those of the others stay with them. Each worker above
 * the mean closes its surplus after the next response, and the reconnecting clients go to workers below the mean.
 */
export function balance(workers: readonly Pick<HttpWorkerProcess, 'state' | 'shed' | 'line'>[]): void {
  const all = workers.reduce((sum, { state }) => sum + (state?.connections ?? 0), 0);
  const part = all / Math.max(1, workers.length);
  for (const { state, shed, line } of workers) {
    const over = (state?.connections ?? 0) - part;
    if (over >= 1) shed(Math.floor(over));
    else if (over <= -1) line.owe(Math.floor(-over));
  }
}
