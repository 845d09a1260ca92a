import type { Served } from '../../../contract/serving/serving.ts';
import { newHistogram, observe } from './buckets.ts';
import type { Histogram } from './buckets.ts';

type Second = { at: number; waits: Histogram; busyMs: number };
export type Recent = {
  record(served: Served): void;
  /** 95th percentile of the queue wait; 0 when nothing ran. */
  queueWaitP95(): number;
  /** 0 to 1: how much of their time the workers ran models. */
  utilisation(workers: number): number;
};

/** Window in seconds: long enough not to oscillate, short enough to follow a spike. */
const windowSeconds = 30;
const bounds = Array.from({ length: 48 }, (_, n) => 0.0001 * 1.35 ** n);

/** What went through in the last half minute, for a scaler outside. */
export function createRecent(now: () => number = Date.now): Recent {
  const begun = now();
  const seconds: Second[] = Array.from({ length: windowSeconds }, () => ({
    at: -1,
    waits: newHistogram(bounds),
    busyMs: 0,
  }));
  const within = (): Second[] => {
    const at = Math.floor(now() / 1000);
    return seconds.filter((one) => one.at > at - windowSeconds && one.at <= at);
  };
  return {
    record(served) {
      if (served.code !== 'ok' || served.batchRows === 0) return;
      const at = Math.floor(now() / 1000);
      const second = seconds[at % windowSeconds];
      if (!second) return;
      if (second.at !== at) {
        second.at = at;
        second.waits = newHistogram(bounds);
        second.busyMs = 0;
      }
      observe(second.waits, served.queueMs / 1000);
      second.busyMs += served.runMs * Math.min(1, served.rows / served.batchRows);
    },
    queueWaitP95() {
      const counts = new Float64Array(bounds.length + 1);
      for (const { waits } of within())
        for (const [step, times] of waits.counts.entries()) counts[step] = (counts[step] ?? 0) + times;
      const all = counts.reduce((sum, one) => sum + one, 0);
      let below = 0;
      if (all === 0) return 0;
      for (const [step, times] of counts.entries()) {
        below += times;
        if (below >= all * 0.95) return bounds[Math.min(step, bounds.length - 1)] ?? 0;
      }
      return 0;
    },
    utilisation(workers) {
      const passedMs = Math.max(1_000, Math.min(windowSeconds * 1000, now() - begun));
      const busyMs = within().reduce((sum, one) => sum + one.busyMs, 0);
      return workers === 0 ? 0 : Math.min(1, busyMs / (workers * passedMs));
    },
  };
}
