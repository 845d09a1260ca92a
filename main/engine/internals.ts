import type { OutpostEvent } from '../../contract/calls/events.ts';
import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { GoldenResult } from '../../contract/packs/model.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import type { Settings } from '../../contract/settings.ts';
import type { createEvents } from './events.ts';
import { goldenAlone, goldenDevice } from './golden/index.ts';
import type { TrialParts } from './golden/index.ts';
import type { Plan, Planner } from './plan.ts';
import type { Pools } from './pool/index.ts';
import type { Runs } from './runs/index.ts';
import type { EngineSettings } from './settings.ts';
import type { PredictRequest } from './types.ts';

/** What the lifecycle may do with the engine beyond what any client may. */
export type EngineInternals = {
  plan(ref: string): Promise<Outcome<Plan>>;
  /** Loads the workers that this plan needs. */
  warm(plan: Plan): Promise<Outcome<void>>;
  /** Which version answers may be another now. */
  changed(): void;
  emit(event: OutpostEvent): void;
  predict(request: PredictRequest, options: { signal: AbortSignal }): Promise<Outcome<PredictionRecord>>;
  /** `withPart` (`id@version`): with what it would be made of if that version answered. */
  golden(ref: string, signal: AbortSignal, withPart?: string): Promise<Outcome<GoldenResult>>;
  storedGolden(ref: string, withPart?: string): Promise<GoldenResult | null>;
  memoryOf(plan: Plan): number | null;
  /** Stops the runs of a model, which keep what they have. */
  endRuns(model: string): Promise<void>;
  /** Ends its workers when they are done; it is refused (`model-unloaded`) until `readmit`. */
  unload(model: string): Promise<void>;
  readmit(model: string): void;
  settings(): Settings;
  /** Writes down which model answers when none is named. */
  chooseModel(model: string | null): Promise<void>;
};

export function createInternals(parts: {
  readonly trialParts: TrialParts;
  readonly planner: Planner;
  readonly pools: Pools;
  readonly runs: Runs;
  readonly settings: EngineSettings;
  readonly events: Pick<ReturnType<typeof createEvents>, 'emit'>;
  readonly predict: (
    request: PredictRequest,
    options: { readonly signal: AbortSignal },
  ) => Promise<Outcome<PredictionRecord>>;
}): EngineInternals {
  const { trialParts, planner, pools, runs, settings, events, predict } = parts;
  const { ports, library } = trialParts;
  const device = goldenDevice(ports);
  return {
    plan: (ref) => planner.plan({ model: ref }),
    // An unloaded model stays unloaded: its next version loads with the request that wants it.
    warm: (plan) =>
      pools.isUnloaded(plan.pack.manifest.id) ? Promise.resolve(ok(undefined)) : pools.warm(plan),
    changed: () => {
      planner.forget();
      events.emit({ kind: 'models-changed' });
      events.emit({ kind: 'lifecycle-changed' });
    },
    emit: events.emit,
    predict,
    endRuns: runs.endOf,
    unload: pools.unload,
    readmit: pools.readmit,
    golden: async (ref, signal, withPart) => {
      const plan = await planner.plan({ model: ref, withPart });
      return plan.ok ? goldenAlone({ ...trialParts, device }, plan.value, signal) : plan;
    },
    storedGolden: async (ref, withPart) => {
      const pack = library.find(ref);
      const part = withPart === undefined ? null : library.find(withPart);
      if (!pack.ok || part?.ok === false) return null;
      return ports.store.golden(device, library.digestOf(pack.value, part?.value));
    },
    memoryOf: (plan) => pools.memoryOf(plan),
    settings: settings.now,
    chooseModel: async (model) => void (await settings.set({ model })),
  };
}
