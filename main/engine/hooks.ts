import type { Outcome } from '../../contract/faults/faults.ts';
import type { ModelSummary } from '../../contract/packs/model.ts';

export type Observation = {
  readonly model: string;
  readonly version: string;
  readonly outcome: Outcome<unknown>;
  /** Decoding and running; null where the time is no measure of the model, as in a folder run that fills every core. */
  readonly ms: number | null;
};

/** What the engine asks of the lifecycle while it answers. */
export type EngineHooks = {
  /** Version that an interactive request without one goes to; null for the one that answers anyway. */
  route(model: string): string | null;
  /** How a request ended that was not answered from the store. `ms` is decoding and running. */
  observe(observation: Observation): void;
  stateOf(model: string, version: string): Pick<ModelSummary, 'state' | 'label'> | null;
};
export const noHooks: EngineHooks = { route: () => null, observe: () => undefined, stateOf: () => null };
