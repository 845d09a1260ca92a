import type { SlowCause } from '../../../contract/runs/run.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { Heat } from '../../lib/heat.ts';
import type { Power } from '../../lib/power.ts';
import type { LiveRun } from './live-run.ts';

const pollMs = 10_000;
/** Points of charge. Gauges go by the voltage, which rises as soon as less is drawn. */
const chargeMargin = 3;

type ThrottleParts = {
  readonly power: () => Promise<Power>;
  readonly heat: () => Promise<Heat>;
  readonly settings: () => Pick<Settings, 'slowBelowPercent' | 'pauseBelowPercent' | 'slowWhenHot'>;
  /** Runs that this process works on. */
  readonly live: () => readonly LiveRun[];
  /** It works at half speed by now, or at its full speed again. */
  readonly onPace: (run: LiveRun) => void;
  readonly pollMs?: number;
};

/**
 * What runs may draw of the computer.
 *
 *                  hot, or the battery below `slowBelowPercent`              below `pauseBelowPercent`
 *   full speed ────────────────────────────────────────────> half speed ─────────────────────────────> paused
 *     ^  ^                                                    │      ^                                  │  │
 *     │  └── cool, and on mains or charged above the level ───┘      └── charged above the level ───────┘  │
 *     └────────────────────────────────────── on mains ────────────────────────────────────────────────────┘
 *
 * A run that was resumed by hand is not paused again until the computer was on mains or charged; it stays at half speed.
 */
export function createThrottle({ pollMs: everyMs = pollMs, ...parts }: ThrottleParts) {
  const allowed = new Set<string>();
  const isBelowSlow = createLevel();
  const isBelowPause = createLevel();
  let isHot = false;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  let asked: { readonly at: number; readonly power: Power } | null = null;

  const readBattery = async (): Promise<'enough' | 'low' | 'empty'> => {
    const { slowBelowPercent: slow, pauseBelowPercent: pause } = parts.settings();
    if (slow === null && pause === null) return 'enough';
    // Asking starts a process on some systems, so it is done at every other look.
    if (!asked || performance.now() - asked.at > everyMs * 1.5) {
      const power = await parts.power();
      // A battery that cannot be read for a moment is as it was.
      asked = { at: performance.now(), power: power.kind === 'unknown' && asked ? asked.power : power };
    }
    const { power } = asked;
    // They may have changed while the power was read.
    const { slowBelowPercent, pauseBelowPercent } = parts.settings();
    const charge = power.kind === 'battery' && !power.isCharging ? power.charge * 100 : Infinity;
    const [isLow, isEmpty] = [isBelowSlow(charge, slowBelowPercent), isBelowPause(charge, pauseBelowPercent)];
    if (!isEmpty) allowed.clear();
    return isEmpty ? 'empty' : isLow ? 'low' : 'enough';
  };
  const readHot = async (): Promise<boolean> => {
    const heat = parts.settings().slowWhenHot ? await parts.heat() : 'cool';
    if (heat !== 'warm') isHot = heat === 'hot';
    return isHot;
  };
  const look = async (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const [battery, hot] = await Promise.all([readBattery(), readHot()]);
    if (isClosed) return;
    const cause: SlowCause | null = battery === 'enough' ? (hot ? 'heat' : null) : 'battery';
    const runs = parts.live();
    for (const run of runs) {
      if (battery === 'empty' && !allowed.has(run.id))
        run.haltFor({ kind: 'pause', by: 'battery', fault: null });
      else if (run.slowDown(cause)) parts.onPace(run);
    }
    if (runs.length > 0) timer ??= setTimeout(() => void look(), everyMs).unref();
  };
  return {
    /** Checks at once, then polls while there are runs; stops by itself. */
    watch: (): void => {
      if (!isClosed) void look();
    },
    /** The system says that its power changed, or that it woke up: what was read before counts no more. */
    lookAgain: (): void => {
      asked = null;
      if (!isClosed) void look();
    },
    hasPower: async (): Promise<boolean> => (await readBattery()) !== 'empty',
    /** Resumed by hand: exempt this run from the pause. */
    allow: (run: string): void => void allowed.add(run),
    close: (): void => {
      isClosed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Whether a charge is below a level in percent; once it was, until it is well above. */
function createLevel() {
  let passed: number | null = null;
  return (charge: number, level: number | null): boolean => {
    const isBelow = level !== null && charge < level + (passed === level ? chargeMargin : 0);
    passed = isBelow ? level : null;
    return isBelow;
  };
}
