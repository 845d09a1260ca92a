import type { Fault, FaultCode, Outcome } from '../../../contract/faults.ts';
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

/** How long a provider rests after a failure that passes, in steps of `backoffMs`: five minutes, as a model that was set aside at most. */
const restSteps = 3_000;

/** What becomes of requests when a provider that was proved once stops answering: the processor takes them over. */
export function createFallback({
  providers,
  planner,
  pools,
  limits,
}: {
  readonly providers: Providers;
  readonly planner: Planner;
  readonly pools: Pick<Pools, 'forgetStopped'>;
  readonly limits: Pick<EngineLimits, 'backoffMs'>;
}) {
  let recording: Promise<unknown> = Promise.resolve();
  const tryAgain = async (plan: Plan): Promise<void> => {
    await providers.recovered(plan);
    pools.forgetStopped(plan.pack.ref);
    planner.forget();
  };
  return {
    /** Remembers why this provider is not used for the model here, and comes back when the next plan knows it. */
    giveUp: (plan: Plan, why: Fault): Promise<unknown> => {
      if (passes(why)) setTimeout(() => void tryAgain(plan), restSteps * limits.backoffMs).unref();
      return (recording = recording.then(() => providers.failed(plan, why)).finally(() => planner.forget()));
    },
    /** Runs with this plan, and once more with the next one when the plan's provider was given up meanwhile. */
    run: async <T>(
      plan: Plan,
      replan: () => Promise<Outcome<Plan>>,
      work: (plan: Plan) => Promise<Outcome<T>>,
    ): Promise<Outcome<T>> => {
      const outcome = await work(plan);
      if (outcome.ok || plan.provider === 'cpu' || !ofProvider.includes(outcome.fault.code)) return outcome;
      await recording;
      const next = await replan();
      return next.ok && next.value.provider !== plan.provider ? work(next.value) : outcome;
    },
  };
}
export type Fallback = ReturnType<typeof createFallback>;
