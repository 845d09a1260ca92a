import type { WorkerProcess } from './worker-process.ts';

/**
 * A worker that comes in the place of one that ended, or beside others, has no connections, and kept ones stay where they are.
 * So each of the others lets go what it has beyond its part, and those are the new one's when they come back.
 */
export function balance(workers: readonly Pick<WorkerProcess, 'state' | 'shed' | 'line'>[]): void {
  const all = workers.reduce((sum, { state }) => sum + (state?.connections ?? 0), 0);
  const part = all / Math.max(1, workers.length);
  for (const { state, shed, line } of workers) {
    const over = (state?.connections ?? 0) - part;
    if (over >= 1) shed(Math.floor(over));
    else if (over <= -1) line.owe(Math.floor(-over));
  }
}
