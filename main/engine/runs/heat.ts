import type { Settings } from '../../../contract/settings.ts';
import type { Heat } from '../../lib/heat.ts';
import type { LiveRun } from './live-run.ts';

const pollMs = 10_000;

type HeatParts = {
  readonly heat: () => Promise<Heat>;
  readonly settings: () => Pick<Settings, 'slowWhenHot'>;
  /** Runs that this process works on. */
  readonly live: () => readonly LiveRun[];
  readonly onChange: (run: string) => void;
  readonly pollMs?: number;
};

/** Slows runs down while the computer is hot, and lets them go on as fast as they can once it is cool. */
export function createHeat({ heat, settings, live, onChange, pollMs: everyMs = pollMs }: HeatParts) {
  let isHot = false;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const look = async (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const now = settings().slowWhenHot ? await heat() : 'cool';
    if (isClosed) return;
    if (now !== 'warm') isHot = now === 'hot';
    const runs = live();
    for (const run of runs) if (run.slowDown(isHot ? 'heat' : null)) onChange(run.id);
    if (runs.length > 0) timer ??= setTimeout(() => void look(), everyMs).unref();
  };
  return {
    /** Checks at once, then polls while there are runs; stops by itself. */
    watch: (): void => {
      if (!isClosed) void look();
    },
    close: (): void => {
      isClosed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
