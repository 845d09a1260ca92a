import type { Plan, Planner } from './plan.ts';
import type { createShapes, Pools } from './pool/index.ts';
import { createIdleWork } from './providers/index.ts';
import type { Providers } from './providers/index.ts';
import type { EngineSettings } from './settings.ts';

const idleAfterMs = 3_000;

/** While no request is under way: proves the providers of the model in use, then measures its shapes; each once, results stored. */
export function createIdleMeasuring(parts: {
  readonly planner: Planner;
  readonly pools: Pick<Pools, 'isQuiet' | 'forgetStopped'>;
  readonly providers: Providers;
  readonly shapes: ReturnType<typeof createShapes>;
  readonly settings: EngineSettings;
  readonly lastPlan: () => Plan | null;
  readonly onProved: () => void;
  readonly log: (level: 'warn', text: string) => void;
  /** Another process measures: this one has no core to spare. */
  readonly isElsewhere: boolean;
}): ReturnType<typeof createIdleWork> {
  const { planner, pools, providers, shapes, settings, lastPlan, onProved, log, isElsewhere } = parts;
  return createIdleWork({
    afterMs: idleAfterMs,
    isQuiet: () => pools.isQuiet(),
    onFailed: (error) => log('warn', `measuring while idle: ${String(error)}`),
    work: async (signal) => {
      const plan = lastPlan();
      if (!plan || isElsewhere) return;
      const { provider, workers, threads } = settings.now();
      if (provider === 'auto' && (await providers.isUnproved(plan))) {
        await providers.probe(plan, signal);
        pools.forgetStopped(plan.pack.ref);
        planner.forget();
        onProved();
      }
      const isAuto = workers === 'auto' && threads === 'auto';
      if (isAuto && !signal.aborted && !shapes.isKnown(plan)) await shapes.measure(plan, signal);
    },
  });
}
