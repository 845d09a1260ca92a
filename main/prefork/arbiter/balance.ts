import type { HttpWorkerProcess } from './http-worker-process.ts';

type Balanced = Pick<HttpWorkerProcess, 'state' | 'shed' | 'line'>;

/**
 * Spreads keep-alive connections, which stay with their worker for as long as they last. Each worker above the mean closes its
 * surplus after the next response, and the reconnecting clients go to workers below the mean.
 */
export function balance(workers: readonly Balanced[]): void {
  const mean = meanOf(workers);
  for (const { state, shed, line } of workers) {
    const over = (state?.activeConnections ?? 0) - mean;
    if (over >= 1) shed(Math.floor(over));
    else if (over <= -1) line.owe(Math.floor(-over));
  }
}

/** Workers whose surplus is worth that clients connect anew. */
function crowded<Worker extends Balanced>(workers: readonly Worker[]): readonly Worker[] {
  const mean = meanOf(workers);
  const least = Math.max(1, mean / 4);
  return workers.filter(({ state }) => (state?.activeConnections ?? 0) - mean >= least);
}

const meanOf = (workers: readonly Balanced[]): number =>
  workers.reduce((sum, { state }) => sum + (state?.activeConnections ?? 0), 0) / Math.max(1, workers.length);

/** As long as the workers take to see which of their connections are active, so that each look is at other figures. */
const lookMs = 3_000;

/**
 * Looks all the while whether clients that come and go have left one worker with more than its part, while another is idle: what is
 * uneven at two looks in a row is balanced.
 */
export function createBalancing(workers: {
  staying(): readonly HttpWorkerProcess[];
  isChanging(): boolean;
}): { close(): void } {
  let before: readonly HttpWorkerProcess[] = [];
  const timer = setInterval(() => {
    const now = workers.isChanging() ? [] : crowded(workers.staying());
    const isLasting = now.some((worker) => before.includes(worker));
    before = isLasting ? [] : now;
    if (isLasting) balance(workers.staying());
  }, lookMs).unref();
  return { close: () => clearInterval(timer) };
}
