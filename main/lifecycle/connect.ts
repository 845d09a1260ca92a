import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../../contract/faults.ts';
import type { CanaryReport } from '../../contract/lifecycle.ts';
import type { ModelSummary } from '../../contract/model.ts';
import { writeDurably } from '../lib/durable.ts';
import type { Library, PackStore } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import { budgetOf, createCanary } from './canary.ts';
import { createComparison } from './comparison/index.ts';
import type { EngineHooks, EngineInside } from '../engine/index.ts';
import type { Lifecycle, UpdateCarrier } from './types.ts';
import { createModelKeeper } from './model-kept.ts';
import { createLifecycle } from './lifecycle.ts';
import { openVersionRegistry } from './versions/index.ts';
import { promote, rollBack } from './swap.ts';
import type { EngineParts, LifecycleParts } from './parts.ts';
import type { VersionRegistry } from './versions/index.ts';
import { takesPictures } from '../../contract/tasks/index.ts';

export type ConnectParts = {
  readonly store: Store;
  readonly packStore: PackStore;
  readonly library: Library;
  readonly carrier: UpdateCarrier | null;
  readonly dataFolder: string;
  readonly appVersion: string;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};

/** The engine asks these before there is a lifecycle; until then every version is what the library says. */
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

/** Engine and lifecycle, each as the other needs it. */
export async function connectLifecycle(
  parts: ConnectParts,
  inside: EngineInside,
  fill: (hooks: EngineHooks) => void,
): Promise<Lifecycle & { close(): void; rescan(): Promise<void> }> {
  const { store, packStore, library, log } = parts;
  const keepModel = createModelKeeper({ library, settings: inside.settings, choose: inside.chooseModel });
  const onChange = (): void => {
    keepModel();
    inside.changed();
  };
  const registry = await openVersionRegistry({ store, packStore, library, log, onChange });
  const canary = createCanary({
    save: (report) => void store.commitLifecycle([{ kind: 'canary', report }]),
    onBreach: (model, version, why) => {
      log('error', `${model}@${version} is taken back: ${why.message}`);
      void rollBack(lifecycleParts, { model, version }, why).then((back) => {
        if (!back.ok) log('error', `${model}@${version} stays, since ${back.fault.message}`);
      });
    },
    onProved: (model, version) => void promote(lifecycleParts, { model, version }),
  });
  const comparison = createComparison({
    store,
    predict: inside.predict,
    golden: inside.storedGolden,
    labelCount: async (ref) => {
      const plan = await inside.plan(ref);
      return plan.ok ? plan.value.labels.length : 0;
    },
    memory: async (ref) => {
      const plan = await inside.plan(ref);
      return plan.ok ? inside.memoryOf(plan.value) : null;
    },
  });
  const watch: EngineParts['watch'] = (report, from) => {
    canary.watch(report);
    // How long the version before took is known from the trial; until it is read nothing is too slow.
    void store.trial(report.model, report.version).then((trial) => {
      const usual = trial?.from === from ? trial.sides.from.medianMs : null;
      canary.allow(report.model, report.version, budgetOf(usual));
    });
  };
  const watchedIn = (model: string): string | null => canary.report(model)?.version ?? null;
  const follow: EngineParts['follow'] = () => {
    for (const model of new Set(registry.all().map((record) => record.model))) {
      const report = registry.canary(model);
      if (report?.version === watchedIn(model)) continue;
      canary.unwatch(model);
      if (report) watch(report, rivalOf(registry, report));
    }
  };
  const lifecycleParts: LifecycleParts = {
    store,
    packStore,
    library,
    registry,
    carrier: parts.carrier,
    settings: () => Promise.resolve(inside.settings()),
    appVersion: parts.appVersion,
    deviceId: () => deviceId(parts.dataFolder),
    log,
    onChange: () => inside.emit({ kind: 'lifecycle-changed' }),
    engine: {
      golden: inside.golden,
      storedGolden: inside.storedGolden,
      isProved: async (ref) => {
        const [known, plan] = await Promise.all([inside.storedGolden(ref), inside.plan(ref)]);
        return known !== null && (!plan.ok || plan.value.provider === known.provider);
      },
      warm: async (ref) => {
        const plan = await inside.plan(ref);
        return plan.ok ? inside.warm(plan.value) : plan;
      },
      shadow: async (request, options) =>
        (await isAnswerable(inside, request.model))
          ? comparison.shadow(request, options)
          : failed('nothing-to-do', { file: request.model }),
      compare: comparison.compare,
      watch,
      unwatch: canary.unwatch,
      endWork: async (model) => {
        await inside.endRuns(model);
        await inside.unload(model);
      },
      readmit: inside.readmit,
      follow,
    },
  };
  // Watching goes on where the last process left it.
  follow();
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

/** The version that a watched one is measured against. */
function rivalOf(registry: VersionRegistry, { model, version }: CanaryReport): string | null {
  const pointer = registry.pointer(model);
  return (pointer?.active === version ? pointer.previous : pointer?.active) ?? null;
}

/** Only photos can be compared so far: raw tensors have no label. */
async function isAnswerable(inside: EngineInside, model: string): Promise<boolean> {
  const plan = await inside.plan(model);
  return plan.ok && takesPictures(plan.value.pack.manifest.task);
}

function stateOf(
  registry: VersionRegistry,
  model: string,
  version: string,
): Pick<ModelSummary, 'state' | 'label'> | null {
  const pointer = registry.pointer(model);
  const record = registry.get(model, version);
  if (!pointer || !record) return null;
  if (pointer.active === version) return { state: 'active', label: 'stable' };
  if (pointer.previous === version) return { state: 'previous', label: 'previous' };
  if (record.state.kind === 'on-trial')
    return { state: 'on-trial', label: pointer.canary === version ? 'canary' : null };
  return { state: 'installed', label: null };
}

/** Names this computer for staged roll-outs; made once, and told to nobody. */
async function deviceId(folder: string): Promise<string> {
  const file = join(folder, 'device-id');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f-]{36}$/u.test(known)) return known;
  const made = randomUUID();
  // Where nothing can be written it is another one next time, which costs a place in the queue and nothing else.
  await writeDurably(file, `${made}\n`).catch(() => undefined);
  return made;
}
