import { createSizing, lookMs } from '../../lib/sizing.ts';
import type { HttpWorkers } from './http-workers.ts';

/** Scales the number of workers within its limits, by the wait of requests and connections and by free memory. */
export function createScaling(workers: HttpWorkers): { noteWait(ms: number): void; close(): void } {
  const sizing = createSizing();
  let longestMs = 0;
  const look = (): void => {
    if (workers.isChanging()) return;
    const staying = workers.staying();
    const states = staying.flatMap(({ state }) => state ?? []);
    const waits = [
      longestMs,
      ...states.map(({ oldestWaitMs }) => oldestWaitMs),
      ...staying.map(({ line }) => line.waitMs),
    ];
    longestMs = 0;
    const by = sizing.look({
      ...workers.range(),
      isGrowing: false,
      waitMs: Math.max(...waits),
      workerBytes: states.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / Math.max(1, states.length),
    });
    if (by !== 0) workers.scale(by);
  };
  const timer = setInterval(look, lookMs).unref();
  return {
    noteWait: (ms) => {
      longestMs = Math.max(longestMs, ms);
    },
    close: () => clearInterval(timer),
  };
}
