import type { Settings } from '../../../contract/settings.ts';
import type { Power } from '../../lib/power.ts';
import type { LiveRun } from './live-run.ts';

/** Polling spawns a process on some systems, and a battery does not empty in seconds. */
const pollMs = 20_000;

type BatteryParts = {
  readonly power: () => Promise<Power>;
  readonly settings: () => Pick<Settings, 'pauseBelowPercent'>;
  /** Runs that this process works on. */
  readonly live: () => readonly LiveRun[];
  readonly pollMs?: number;
};

/**
 * Pauses runs while the battery is low and not charging. A run resumed by hand is exempt until the computer was on
 * mains again.
 */
export function createBattery(parts: BatteryParts) {
  const everyMs = parts.pollMs ?? pollMs;
  const allowed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let last: { readonly at: number; readonly isLow: boolean } | null = null;
  let isClosed = false;

  const isLow = async (): Promise<boolean> => {
    if (last && performance.now() - last.at < everyMs / 2) return last.isLow;
    const lowest = parts.settings().pauseBelowPercent;
    const power = lowest === null ? null : await parts.power();
    const now =
      power?.kind === 'battery' && !power.isCharging && lowest !== null && power.charge * 100 < lowest;
    if (!now) allowed.clear();
    last = { at: performance.now(), isLow: now };
    return now;
  };
  const look = async (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const low = await isLow();
    if (isClosed) return;
    const runs = parts.live();
    if (low)
      for (const run of runs)
        if (!allowed.has(run.id)) run.haltFor({ kind: 'pause', by: 'battery', fault: null });
    if (runs.length > 0) plan();
  };
  const plan = (): void => void (timer ??= setTimeout(() => void look(), everyMs).unref());
  return {
    /** Checks at once, then polls while there are runs; stops by itself. */
    watch: (): void => {
      if (!isClosed) void look();
    },
    isLow,
    /** Resumed by hand: exempt this run. */
    allow: (run: string): void => void allowed.add(run),
    close: (): void => {
      isClosed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
