import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveRun } from './live-run.ts';

const shortestTurnMs = 1_000;
const longestTurnMs = 15_000;

/**
 * Files as they come; while the run is slowed, work and rest take turns of equal length. A turn is as long as an item takes at
 * least: whatever is under way when a rest begins goes on.
 */
export async function* atPace<F>(run: LiveRun, files: AsyncIterable<F>): AsyncGenerator<F> {
  let restAt: number | null = null;
  for await (const file of files) {
    if (run.slowedBy === null) restAt = null;
    else {
      const turnMs = Math.min(longestTurnMs, Math.max(shortestTurnMs, run.itemMs));
      restAt ??= performance.now() + turnMs;
      if (performance.now() >= restAt) {
        await sleep(turnMs, undefined, { signal: run.abort.signal }).catch(() => undefined);
        restAt = performance.now() + turnMs;
      }
    }
    yield file;
  }
}
