import type { Fault, FaultCode, Outcome } from '../../contract/faults.ts';
import type { Plan, Planner } from './plan.ts';
import type { Providers } from './providers.ts';

const ofProvider: readonly FaultCode[] = [
  'model-quarantined',
  'model-rejected',
  'model-not-loaded',
  'model-load-timeout',
];

/** What becomes of requests when a provider that was proved once stops answering: the processor takes them over. */
export function createFallback({
  providers,
  planner,
}: {
  readonly providers: Providers;
  readonly planner: Planner;
}) {
  let recording: Promise<unknown> = Promise.resolve();
  return {
    /** Remembers why this provider is not used for the model here, and comes back when the next plan knows it. */
    giveUp: (plan: Plan, why: Fault): Promise<unknown> =>
      (recording = recording.then(() => providers.failed(plan, why)).finally(() => planner.forget())),
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
