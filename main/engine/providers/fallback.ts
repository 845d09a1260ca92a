import type { Fault, FaultCode, Outcome } from '../../../contract/faults/faults.ts';
import type { EngineLimits } from '../types.ts';
import type { Plan, Planner } from '../plan.ts';
import type { Pools } from '../pool/index.ts';
import { passes } from './providers.ts';
import type { Providers } from './providers.ts';

const ofProvider: readonly FaultCode[] = [
  'model-quarantined',
  'model-rejected',
  'model-not-loaded',
  'model-load-timeout',
];

/**
 * Back-off of a provider after a transient failure, in steps of `backoffMs`: five minutes, the longest quarantine of a
 * model.
 */
const restSteps = 3_000;

/** CPU fallback: requests of a provider that was proved once but fails now run on the next provider. */
export function createFallback({
  providers,
  planner,
  pools,
  limits,
  isClosed,
}: {
  readonly providers: Providers;
  readonly planner: Planner;
  readonly pools: Pick<Pools, 'forgetStopped' | 'warm'>;
  readonly limits: Pick<EngineLimits, 'backoffMs'>;
  readonly isClosed: () => boolean;
}) {
  let recording: Promise<unknown> = Promise.resolve();
  const tryAgain = async (plan: Plan): Promise<void> => {
    await providers.recovered(plan);
    pools.forgetStopped(plan.pack.ref);
    planner.forget();
  };
  /** Stores why the provider is excluded for this model; resolves once new plans see it. */
  const giveUp = (plan: Plan, why: Fault): Promise<unknown> => {
    if (passes(why)) setTimeout(() => void tryAgain(plan), restSteps * limits.backoffMs).unref();
    return (recording = recording.then(() => providers.failed(plan, why)).finally(() => planner.forget()));
  };
  return {
    /** Loads the model on the next provider, before quarantining it. */
    replace: async (plan: Plan, why: Fault): Promise<void> => {
      if (plan.provider === 'cpu') return;
      await giveUp(plan, why);
      const next = await planner.plan({ model: plan.pack.ref });
      if (next.ok && next.value.provider !== plan.provider && !isClosed()) await pools.warm(next.value);
    },
    /** Runs with this plan, and once more with the next one when the plan's provider was excluded meanwhile. */
    run: <T>(
      plan: Plan,
      replan: () => Promise<Outcome<Plan>>,
      work: (plan: Plan) => Promise<Outcome<T>>,
    ): Promise<Outcome<T>> => {
      const running = work(plan);
      if (plan.provider === 'cpu') return running;
      return running.then(async (outcome) => {
        if (outcome.ok || !ofProvider.includes(outcome.fault.code)) return outcome;
        await recording;
        const next = await replan();
        return next.ok && next.value.provider !== plan.provider ? work(next.value) : outcome;
      });
    },
  };
}
export type Fallback = ReturnType<typeof createFallback>;
