import { setTimeout as sleep } from 'node:timers/promises';
import type { DownloadProgress } from '../../../contract/lifecycle/update.ts';

/** Time window of the measured rate. */
const windowMs = 3_000;
const everyMs = 100;

/** Reports progress, at most ten times a second. */
export type Meter = { add(bytes: number): void; end(): void };
export function createMeter({
  name: { model, version },
  done,
  total,
  onProgress,
}: {
  readonly name: { readonly model: string; readonly version: string };
  readonly done: number;
  readonly total: number;
  readonly onProgress: (progress: DownloadProgress) => void;
}): Meter {
  const seen: { at: number; bytes: number }[] = [{ at: performance.now(), bytes: 0 }];
  let moved = 0;
  let reportedAt = -Infinity;
  const report = (at: number): void => {
    reportedAt = at;
    while (seen.length > 2 && at - seen[0]!.at > windowMs) seen.shift();
    const first = seen[0]!;
    const bytesPerSecond = Math.round(((moved - first.bytes) * 1000) / Math.max(1, at - first.at));
    onProgress({ model, version, transferred: Math.min(total, done + moved), total, bytesPerSecond });
    seen.push({ at, bytes: moved });
  };
  return {
    add: (bytes) => {
      moved += bytes;
      const at = performance.now();
      if (at - reportedAt >= everyMs) report(at);
    },
    end: () => report(performance.now()),
  };
}

/** Waits after each piece so that the average rate stays within the cap. */
export function createPacer(capKiBps: number | null, signal: AbortSignal): (bytes: number) => Promise<void> {
  if (capKiBps === null) return async () => undefined;
  const bytesPerMs = (capKiBps * 1024) / 1000;
  let dueAt = performance.now();
  return async (bytes) => {
    // Idle time gives no credit for a later burst beyond 250 ms.
    dueAt = Math.max(dueAt, performance.now() - 250) + bytes / bytesPerMs;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
