import type { Library, PackStore } from '../packs/index.ts';
import type { EngineHooks, Observation } from '../engine/index.ts';
import type { Store } from '../store/index.ts';
import { createCanary } from './canary.ts';
import { openVersionRegistry, stateOf } from './versions/index.ts';

type FollowParts = {
  readonly store: Store;
  readonly packStore: PackStore;
  readonly library: Library;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** How a request to a version on canary ended, for the process that decides about it. */
  readonly onObserved: (observation: Observation) => void;
};

/** Which versions answer, for a process that changes none: another one decides, and starts this one anew for each change. */
export async function followVersions({ onObserved, ...parts }: FollowParts): Promise<EngineHooks> {
  const registry = await openVersionRegistry({ ...parts, onChange: () => undefined });
  const canary = createCanary({
    save: () => undefined,
    onBreach: () => undefined,
    onProved: () => undefined,
  });
  for (const report of registry.canaries()) canary.watch(report);
  return {
    route: canary.route,
    observe: (observation) => {
      if (canary.report(observation.model)?.version === observation.version) onObserved(observation);
    },
    stateOf: (model, version) => stateOf(registry, model, version),
  };
}
