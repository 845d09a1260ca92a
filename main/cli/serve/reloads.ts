import { isDeepStrictEqual } from 'node:util';
import type { Pointer } from '../../../contract/lifecycle/lifecycle.ts';
import { serveKeys } from './config.ts';
import type { ServeConfig } from './config.ts';

/**
 * The same work, one run at a time: whoever asks during a run gets one more behind it, however many ask. So fifty signals in
 * a second are two reloads, and the last of them has seen everything.
 */
export function collapse(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    const run = work().finally(() => {
      running = null;
    });
    running = run;
    return run;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}

const lookMs = 1_000;

/** Looks once a second whether another process switched a version or rolled one back: the pointers of the data folder say so. */
export function watchPointers(
  read: () => Promise<ReadonlyMap<string, Pointer>>,
  onChange: () => void,
): { close(): void } {
  let known: string | null = null;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    // A folder that cannot be read now may be the next time.
    const found = await read().catch(() => null);
    isLooking = false;
    if (!found) return;
    const text = JSON.stringify([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
    const isNews = known !== null && known !== text;
    known = text;
    if (isNews) onChange();
  };
  void look();
  const timer = setInterval(() => void look(), lookMs).unref();
  return { close: () => clearInterval(timer) };
}

/** The words that changed since the start and have no effect before the next one; `taken`: those that a reload takes over. */
export function changedInVain(
  started: ServeConfig,
  now: ServeConfig,
  taken: readonly (keyof ServeConfig)[],
): readonly (keyof ServeConfig)[] {
  const hasTokens = (config: ServeConfig): boolean => config['token-file'] !== undefined;
  return serveKeys.filter((key) => {
    // Another file counts at once; whether there are tokens at all is settled at the start.
    if (key === 'token-file') return hasTokens(started) !== hasTokens(now);
    return !taken.includes(key) && !isDeepStrictEqual(started[key], now[key]);
  });
}
