import { setTimeout as sleep } from 'node:timers/promises';
import type { DownloadProgress } from '../../../contract/update.ts';

/** Bytes a second over this time. */
const windowMs = 3_000;
const everyMs = 100;

/** Tells how far it is, ten times a second at most. */
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

/** Waits after each piece until the bytes so far are within the cap. */
export function createPacer(capKiBps: number | null, signal: AbortSignal): (bytes: number) => Promise<void> {
  if (capKiBps === null) return async () => undefined;
  const bytesPerMs = (capKiBps * 1024) / 1000;
  let dueAt = performance.now();
  return async (bytes) => {
    // What was not used while nothing came is not made up for.
    dueAt = Math.max(dueAt, performance.now() - 250) + bytes / bytesPerMs;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
