import type { OutpostEvent } from '../../contract/events.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { GoldenResult, ModelSummary } from '../../contract/model.ts';
import type { PredictionRecord } from '../../contract/prediction.ts';
import type { Settings } from '../../contract/settings.ts';
import type { PredictRequest } from './types.ts';
import type { Plan } from './plan.ts';

export type Observation = {
  readonly model: string;
  readonly version: string;
  readonly outcome: Outcome<unknown>;
  /** Decoding and running; null where it says nothing of the model, as in a folder that fills every core. */
  readonly ms: number | null;
};

/** What the lifecycle decides while the engine answers. */
export type EngineHooks = {
  /** Version that an interactive request without one goes to; null for the one that answers anyway. */
  route(model: string): string | null;
  /** How a request ended that was not answered from the store. `ms` is decoding and running. */
  observe(observation: Observation): void;
  stateOf(model: string, version: string): Pick<ModelSummary, 'state' | 'label'> | null;
};
export const noHooks: EngineHooks = { route: () => null, observe: () => undefined, stateOf: () => null };

/** What the lifecycle needs of the engine and no door has. */
export type EngineInside = {
  plan(ref: string): Promise<Outcome<Plan>>;
  /** Loads the workers that this plan needs. */
  warm(plan: Plan): Promise<Outcome<void>>;
  /** Which version answers may be another now. */
  changed(): void;
  emit(event: OutpostEvent): void;
  predict(request: PredictRequest, options: { signal: AbortSignal }): Promise<Outcome<PredictionRecord>>;
  golden(ref: string, signal: AbortSignal): Promise<Outcome<GoldenResult>>;
  storedGolden(ref: string): Promise<GoldenResult | null>;
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
