import type { Library, PackStore } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import type { EngineHooks, EngineInternals } from '../engine/index.ts';
import { createCanary } from './canary.ts';
import { createComparison } from './comparison/index.ts';
import { readDeviceId } from './device-id.ts';
import { createEngineParts } from './engine-parts.ts';
import { createLifecycle } from './lifecycle.ts';
import { createModelKeeper } from './model-keeper.ts';
import type { LifecycleParts } from './parts.ts';
import { promote, takeBack } from './swap.ts';
import type { Lifecycle, UpdateFetcher } from './types.ts';
import { openVersionRegistry, stateOf } from './versions/index.ts';
import { createWatching } from './watching.ts';

type ConnectParts = {
  readonly store: Store;
  readonly packStore: PackStore;
  readonly library: Library;
  readonly fetcher: UpdateFetcher | null;
  readonly dataFolder: string;
  readonly appVersion: string;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};

/**
 * Engine hooks that can be filled later: the engine is created before the lifecycle, and until then the library alone
 * resolves versions.
 */
export function lateHooks(): { readonly hooks: EngineHooks; fill(given: EngineHooks): void } {
  let now: EngineHooks | null = null;
  return {
    hooks: {
      route: (model) => now?.route(model) ?? null,
      observe: (observation) => now?.observe(observation),
      stateOf: (model, version) => now?.stateOf(model, version) ?? null,
    },
    fill: (given) => {
      now = given;
    },
  };
}

/** Wires engine and lifecycle, which need each other: the lifecycle drives `internals`, and `fill` gives the engine its hooks. */
export async function connectLifecycle(
  parts: ConnectParts,
  internals: EngineInternals,
  fill: (hooks: EngineHooks) => void,
): Promise<Lifecycle & { close(): void; rescan(): Promise<void> }> {
  const { store, packStore, library, log } = parts;
  const keepModel = createModelKeeper({
    library,
    settings: internals.settings,
    choose: internals.chooseModel,
  });
  const onChange = (): void => {
    keepModel();
    internals.changed();
  };
  const registry = await openVersionRegistry({ store, packStore, library, log, onChange });
  const canary = createCanary({
    save: (report) => void store.commitLifecycle([{ kind: 'canary', report }]),
    onBreach: (model, version, why) => void takeBack(lifecycleParts, { model, version }, why),
    onProved: (model, version) => void promote(lifecycleParts, { model, version }),
  });
  const watching = createWatching({ store, registry, canary });
  const comparison = createComparison({
    store,
    predict: internals.predict,
    golden: internals.storedGolden,
    labelCount: async (ref) => {
      const plan = await internals.plan(ref);
      return plan.ok ? plan.value.labels.length : 0;
    },
    memory: async (ref) => {
      const plan = await internals.plan(ref);
      return plan.ok ? internals.memoryOf(plan.value) : null;
    },
  });
  const lifecycleParts: LifecycleParts = {
    store,
    packStore,
    library,
    registry,
    fetcher: parts.fetcher,
    settings: () => Promise.resolve(internals.settings()),
    appVersion: parts.appVersion,
    deviceId: () => readDeviceId(parts.dataFolder),
    log,
    onChange: () => internals.emit({ kind: 'lifecycle-changed' }),
    engine: createEngineParts({ internals, comparison, watching }),
  };
  // Continues the canary watches that are in the store.
  watching.follow();
  fill({
    route: canary.route,
    observe: canary.observe,
    stateOf: (model, version) => stateOf(registry, model, version),
  });
  const lifecycle = createLifecycle(lifecycleParts, { canary: canary.report });
  return {
    ...lifecycle,
    rescan: registry.refresh,
    close: () => {
      canary.close();
      lifecycle.close();
    },
  };
}
