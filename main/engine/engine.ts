import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Settings } from '../../contract/settings.ts';
import { createBatching, createJoining } from './batching/index.ts';
import { createDoctor } from './doctor.ts';
import { createEvents } from './events.ts';
import { readHeat } from '../lib/heat.ts';
import { readPower } from '../lib/power.ts';
import { walk } from './files/index.ts';
import { goldenDevice } from './golden/index.ts';
import { noHooks } from './hooks.ts';
import type { EngineHooks } from './hooks.ts';
import { createIdleMeasuring } from './idle-measuring.ts';
import { createInternals } from './internals.ts';
import type { EngineInternals } from './internals.ts';
import { defaultLimits } from './limits.ts';
import { createModels } from './models.ts';
import { createPlanner } from './plan.ts';
import type { Plan } from './plan.ts';
import { createPools, createShapes, fixedShape } from './pool/index.ts';
import type { Priority, Shape } from './pool/index.ts';
import {
  createPhotoPredictor,
  createPredictor,
  createServed,
  createTensorCache,
  createTensors,
} from './prediction/index.ts';
import type { PredictedRecord } from './prediction/index.ts';
import { createFallback, createProviders } from './providers/index.ts';
import { createRouting } from './version-routing.ts';
import { predictItems, toPredictionOutcome, createRuns } from './runs/index.ts';
import { openSettings } from './settings.ts';
import { createSimilar } from './similar/index.ts';
import { createStatus } from './status.ts';
import { createThumbnails } from './thumbnails.ts';
import type { Engine, EngineLimits, EnginePorts } from './types.ts';
import type { EarlyLink } from './workers/index.ts';

const defaultGraceMs = 5_000;

/** The engine's own composition root; each part is documented where it is made. `internals` is for the lifecycle alone. */
export async function createEngine(
  ports: EnginePorts,
  hooks: EngineHooks = noHooks,
  early: EarlyLink | null = null,
): Promise<{ readonly engine: Engine; readonly internals: EngineInternals }> {
  const { store, library, log } = ports;
  const limits: EngineLimits = { ...defaultLimits, ...ports.limits };
  const trialParts = { ports, library, limits, store };
  let closing: Promise<void> | null = null;
  const isClosed = (): boolean => closing !== null;

  // State whose changes are events.
  const events = createEvents();
  const onChange = (): void => events.emit({ kind: 'status-changed' });
  const stopListening = store.onState(() => {
    events.emit({ kind: 'store-changed' });
    onChange();
  });
  const settings = await openSettings({
    store,
    override: ports.override,
    onSet: () => {
      planner.forget();
      pools.retire();
      events.emit({ kind: 'settings-changed' });
      onChange();
    },
  });

  // Which pack, variant, provider and shape answer.
  const providers = createProviders(trialParts);
  const planner = createPlanner({ library, settings: settings.now, chooseProvider: providers.choose });
  const shapes = createShapes(trialParts, await store.shapes(ports.device));
  // Where models run in this process there is one session of each, whatever the model's own configuration says.
  const shapeFor = (plan: Plan, priority: Priority) =>
    inProcessShape(ports, settings.now()) ??
    fixedShape(plan, settings.now(), ports.cores) ??
    shapes.shapeFor(plan, priority, settings.now());

  // Workers, and what stands in for them when a provider fails.
  const pools = createPools({
    ports,
    library,
    limits,
    requestTimeoutMs: () => ports.limits?.requestTimeoutMs ?? settings.now().requestTimeoutS * 1000,
    shapeFor,
    early,
    onChange,
    onStopped: (plan, why) => {
      log(why ? 'error' : 'info', why?.message ?? `${plan.pack.ref} answers again`);
      // Retry on the CPU before the model is set aside.
      if (why) void fallback.replace(plan, why);
      events.emit({ kind: 'models-changed' });
    },
  });
  const fallback = createFallback({ providers, planner, pools, limits, isClosed });
  const joining = createJoining(trialParts);
  const batching = createBatching(pools, joining);

  // Requests.
  const routing = createRouting({
    planner,
    pools,
    settings,
    route: hooks.route,
    isClosed,
    onRequest: () => idle.disturb(),
  });
  const idle = createIdleMeasuring({
    planner,
    pools,
    providers,
    shapes,
    settings,
    lastPlan: routing.last,
    onProved: onChange,
    log,
    isElsewhere: ports.inProcess !== undefined,
  });
  const served = createServed();
  const predictPhoto = createPhotoPredictor({
    routing,
    fallback,
    predictor: createPredictor({ store, pools, appVersion: ports.appVersion }),
    served,
    observe: hooks.observe,
    client: ports.client,
    // The last request of a while restarts the idle timer when it ends, too.
    onEnded: () => idle.disturb(),
  });
  const itemsParts = {
    answer: predictPhoto,
    window: () => {
      const plan = routing.last();
      return Math.min(64, Math.max(8, 4 * (plan ? shapeFor(plan, 'batch').workers : ports.cores)));
    },
  };
  const runs = createRuns({
    store,
    plan: routing.planFor,
    settings: settings.now,
    heat: ports.heat ?? (() => readHeat()),
    power: ports.power ?? (() => readPower()),
    client: ports.client ?? 'window',
    items: (query, itemsHooks) => predictItems(itemsParts, query, itemsHooks),
    onChange: (run) => events.emit({ kind: 'run-changed', run }),
  });
  const similar = createSimilar({
    library,
    store,
    chosen: () => settings.now().model,
    predict: async (request, options) => recordOf(await predictPhoto(request, options)),
    items: ({ inputs, ...request }, options) =>
      predictItems(itemsParts, { request, found: walk(inputs) }, options),
  });
  const models = createModels({
    library,
    store,
    device: goldenDevice(ports),
    planner: { ...planner, plan: routing.planFor },
    stateOf: hooks.stateOf,
    chosen: () => settings.now().model,
    quarantined: (pack) => pools.setAside().find(({ model }) => model === pack.ref)?.fault ?? null,
    ask: (plan) => (question, blobs) =>
      pools.ask(plan, { question, blobs, file: plan.pack.ref, priority: 'interactive' }).outcome,
  });
  const status = createStatus({ pools, batching, store, cores: ports.cores });

  const engine: Engine = {
    predict: async (request, options = {}) => recordOf(await predictPhoto(request, options)),
    ...createTensors({
      routing,
      fallback,
      answer: createTensorCache({ store, batching }),
      batching,
      served,
      client: ports.client ?? 'window',
    }),
    predictAll: async function* ({ inputs, ...request }, { signal, onLeftOut } = {}) {
      const found = walk(inputs, { onLeftOut });
      for await (const item of predictItems(itemsParts, { request, found }, { signal }))
        yield toPredictionOutcome(item);
    },
    ...similar,
    ...createThumbnails(pools),
    runs,
    models,
    doctor: createDoctor({ routing, planner, pools, providers, shapes }),
    settings: { get: () => Promise.resolve(settings.now()), set: settings.set },
    warm: async (ref) => {
      const replan = () => routing.planFor({ model: ref });
      const plan = await replan();
      if (!plan.ok) return plan;
      pools.readmit(plan.value.pack.manifest.id);
      return fallback.run(plan.value, replan, (chosen) => pools.warm(chosen));
    },
    workers: {
      stateOf: pools.stateOf,
      unload: pools.unload,
      loaded: pools.loaded,
      room: pools.room,
      inHand: pools.inHand,
      release: pools.release,
      limitQueue: (maxQueued) => void Object.assign(limits, { maxQueued }),
      setNamed: pools.setNamed,
      resize: pools.resize,
      status: status.workers,
    },
    batching: { set: batching.set, of: batching.parametersOf },
    refused: ({ fault, ...request }) =>
      served.notify({ ...request, begun: performance.now(), outcome: { ok: false, fault } }),
    onServed: served.on,
    status: status.engine,
    on: events.on,
    close: (options = {}) =>
      (closing ??= closeInOrder(
        idle.close,
        runs.close,
        joining.close,
        () => pools.close(options.graceMs ?? defaultGraceMs),
        stopListening,
        events.close,
      )),
  };
  const internals = createInternals({
    trialParts,
    planner,
    pools,
    runs,
    settings,
    events,
    predict: async (request, options) =>
      recordOf(await predictPhoto(request, { ...options, isBounded: false })),
  });
  return { engine, internals };
}

const inProcessShape = ({ inProcess }: EnginePorts, { threads }: Settings): Shape | null =>
  inProcess === undefined ? null : { workers: 1, threads: threads === 'auto' ? 1 : threads };

async function closeInOrder(...steps: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const step of steps) await step();
}

const recordOf = (outcome: Outcome<PredictedRecord>) => (outcome.ok ? ok(outcome.value.record) : outcome);
