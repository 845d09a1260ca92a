import { failed, ok, type Outcome } from '../../contract/faults.ts';
import { reason } from '../../contract/reasons.ts';
import type { DoorName } from '../../contract/serving.ts';
import type { Settings } from '../../contract/settings.ts';
import { takesPictures } from '../../contract/tasks/index.ts';
import { createBatching, createJoining } from './batching/index.ts';
import { batchItems, batchOutcome, createRuns } from './runs/index.ts';
import type { Engine, EngineLimits, EnginePorts, PredictRequest } from './types.ts';
import type { EarlyLink } from './workers/index.ts';
import { createEvents } from './events.ts';
import { createFallback, createIdleWork, createProviders } from './providers/index.ts';
import { goldenAlone, goldenDevice } from './golden/index.ts';
import { noHooks, type EngineHooks, type EngineInside } from './inside.ts';
import type { Priority } from './pool/index.ts';
import { defaultLimits } from './limits.ts';
import { createModels } from './models.ts';
import { createPlanner, type Plan } from './plan.ts';
import { createPools, createShapes, fixedShape } from './pool/index.ts';
import {
  createPredictor,
  type Answer,
  createServed,
  ranFigures,
  createTensorCache,
  createTensors,
} from './prediction/index.ts';
import { createThumbnails } from './thumbnails.ts';

const idleAfterMs = 3_000;
const defaultGraceMs = 5_000;

/** The one place that knows every part of the engine. `inside` is what the lifecycle drives and no door has. */
export async function createEngine(
  ports: EnginePorts,
  hooks: EngineHooks = noHooks,
  early: EarlyLink | null = null,
): Promise<{ readonly engine: Engine; readonly inside: EngineInside }> {
  const { store, library } = ports;
  const limits: EngineLimits = { ...defaultLimits, ...ports.limits };
  const events = createEvents();
  let settings: Settings = { ...(await store.settings()), ...ports.override };
  let isClosed = false;
  const unsubscribe = store.onState(() => {
    events.emit({ kind: 'store-changed' });
    events.emit({ kind: 'status-changed' });
  });
  const onChange = (): void => events.emit({ kind: 'status-changed' });

  const trialParts = { ports, library, limits, store };
  const providers = createProviders(trialParts);
  const shapes = createShapes(trialParts, await store.shapes(ports.device));
  const planner = createPlanner({
    library,
    settings: () => Promise.resolve(settings),
    chooseProvider: providers.choose,
  });
  const shapeFor = (plan: Plan, priority: Priority) =>
    fixedShape(plan, settings, ports.cores) ?? shapes.shapeFor(plan, priority, settings);
  const pools = createPools({
    ports,
    library,
    limits,
    requestTimeoutMs: () => ports.limits?.requestTimeoutMs ?? settings.requestTimeoutS * 1000,
    shapeFor,
    early,
    onChange,
    onStopped: (plan, why) => {
      ports.log(why ? 'error' : 'info', why?.message ?? `${plan.pack.ref} answers again`);
      // The processor is tried before the model is given up.
      if (why && plan.provider !== 'cpu') void fallback.giveUp(plan, why).then(() => warmAgain(plan));
      events.emit({ kind: 'models-changed' });
    },
  });
  const fallback = createFallback({ providers, planner, pools, limits });
  const warmAgain = async ({ pack, provider }: Plan): Promise<void> => {
    const next = await planner.plan({ model: pack.ref });
    if (next.ok && next.value.provider !== provider && !isClosed) await pools.warm(next.value);
  };
  const joining = createJoining(trialParts);
  const batching = createBatching(pools, joining);
  const served = createServed();
  const predictor = createPredictor({ store, pools, appVersion: ports.appVersion });
  let lastPlan: Plan | null = null;
  const idle = createIdleWork({
    afterMs: idleAfterMs,
    isQuiet: () => pools.isQuiet(),
    onFailed: (error) => ports.log('warn', `measuring while idle: ${String(error)}`),
    work: async (signal) => {
      const plan = lastPlan;
      if (!plan || isClosed) return;
      if (settings.provider === 'auto' && (await providers.isUnproved(plan))) {
        await providers.probe(plan, signal);
        pools.forgetStopped(plan.pack.ref);
        planner.forget();
        onChange();
      }
      const isAuto = settings.workers === 'auto' && settings.threads === 'auto';
      if (isAuto && !signal.aborted && !shapes.isKnown(plan)) await shapes.measure(plan, signal);
    },
  });

  const planFor = async (request: Parameters<typeof planner.plan>[0]): Promise<Outcome<Plan>> => {
    if (isClosed) return failed('shutting-down');
    idle.disturb();
    const plan = await planner.plan(request);
    if (plan.ok) lastPlan = plan.value;
    return plan;
  };
  /** The version on watch may get this request, unless a version was named or a folder is under way. */
  const routed = async (request: PredictRequest): Promise<Outcome<Plan>> => {
    const plan = await planFor(request);
    const isOpen = !(request.model ?? settings.model)?.includes('@') && request.priority !== 'batch';
    const version = plan.ok && isOpen ? hooks.route(plan.value.pack.manifest.id) : null;
    if (!plan.ok || version === null) return plan;
    const other = await planFor({ ...request, model: `${plan.value.pack.manifest.id}@${version}` });
    return other.ok ? other : plan;
  };
  /** What a person asks for at this computer loads the model again; other programs load it by name. */
  const readmit = (id: string, door: DoorName = 'window'): void => {
    if (door === 'window' || door === 'cli') pools.readmit(id);
  };
  const answer = async (
    request: PredictRequest,
    options: { signal?: AbortSignal; isBounded?: boolean },
  ): Promise<Outcome<Answer>> => {
    if (options.signal?.aborted) return failed('cancelled');
    const begun = performance.now();
    const plan = await routed(request);
    if (!plan.ok) return plan;
    const { manifest, ref } = plan.value.pack;
    readmit(manifest.id, request.door ?? ports.door);
    if (!takesPictures(manifest.task))
      return failed('task-mismatch', { model: ref, task: manifest.task, input: reason('photos') });
    const outcome = await fallback.run(
      plan.value,
      () => routed(request),
      (chosen) => predictor(chosen, request, options),
    );
    // One that was finished while nobody cared may have been the last for a while.
    idle.disturb();
    served.tell({
      kind: 'picture',
      door: request.door ?? ports.door ?? 'window',
      model: manifest.id,
      version: manifest.version,
      begun,
      outcome: outcome.ok ? ok(ranFigures(outcome.value)) : outcome,
    });
    if (!outcome.ok || !outcome.value.record.cached)
      hooks.observe({
        model: manifest.id,
        version: manifest.version,
        outcome,
        ms:
          outcome.ok && request.priority !== 'batch'
            ? outcome.value.record.decodeMs + outcome.value.record.runMs
            : null,
      });
    return outcome;
  };
  const window = (): number =>
    Math.min(64, Math.max(8, 4 * (lastPlan ? shapeFor(lastPlan, 'batch').workers : ports.cores)));
  const runs = createRuns({
    store,
    plan: planFor,
    items: (request, hooks) => batchItems({ answer, window }, request, hooks),
    onChange: (run) => events.emit({ kind: 'run-changed', run }),
  });
  const models = createModels({
    library,
    store,
    device: goldenDevice(ports),
    planner: { ...planner, plan: planFor },
    stateOf: hooks.stateOf,
    chosen: () => settings.model,
    quarantined: (pack) => pools.setAside().find(({ model }) => model === pack.ref)?.fault ?? null,
    ask: (plan) => (question, blobs) =>
      pools.ask(plan, { question, blobs, file: plan.pack.ref, priority: 'interactive' }).outcome,
  });

  const inside: EngineInside = {
    plan: (ref) => planner.plan({ model: ref }),
    // Nobody is to be answered by a model that was unloaded: its next version loads when it is wanted again.
    warm: (plan) =>
      pools.isUnloaded(plan.pack.manifest.id) ? Promise.resolve(ok(undefined)) : pools.warm(plan),
    changed: () => {
      planner.forget();
      events.emit({ kind: 'models-changed' });
      events.emit({ kind: 'lifecycle-changed' });
    },
    emit: events.emit,
    predict: async (request, options) => recordOf(await answer(request, { ...options, isBounded: false })),
    endRuns: runs.endOf,
    unload: pools.unload,
    readmit: pools.readmit,
    golden: async (ref, signal) => {
      const plan = await planner.plan({ model: ref });
      return plan.ok ? goldenAlone({ ...trialParts, device: goldenDevice(ports) }, plan.value, signal) : plan;
    },
    storedGolden: async (ref) => {
      const pack = library.find(ref);
      return pack.ok ? store.golden(goldenDevice(ports), pack.value.digest) : null;
    },
    memoryOf: (plan) => pools.memoryOf(plan),
    settings: () => settings,
    chooseModel: async (model) => void (await engine.settings.set({ model })),
  };
  const engine: Engine = {
    predict: async (request, options = {}) => recordOf(await answer(request, options)),
    runTensors: createTensors({
      planFor,
      fallback,
      readmit,
      answer: createTensorCache({ store, batching }),
      served,
      door: ports.door ?? 'window',
    }),
    batch: async function* (request, options = {}) {
      for await (const item of batchItems({ answer, window }, request, options)) yield batchOutcome(item);
    },
    ...createThumbnails(pools),
    runs,
    models,
    doctor: {
      providers: providers.reports,
      shapes: () => Promise.resolve(shapes.reports()),
      probe: async (ref) => {
        const plan = await planFor({ model: ref });
        if (!plan.ok) return plan;
        const { signal } = new AbortController();
        const reports = await providers.probe(plan.value, signal);
        pools.forgetStopped(plan.value.pack.ref);
        planner.forget();
        if (!shapes.isKnown(plan.value)) await shapes.measure(plan.value, signal);
        return ok(reports);
      },
    },
    settings: {
      get: () => Promise.resolve(settings),
      set: async (patch) => {
        settings = { ...(await store.setSettings(patch)), ...ports.override };
        planner.forget();
        pools.retire();
        events.emit({ kind: 'settings-changed' });
        onChange();
        return settings;
      },
    },
    warm: async (ref) => {
      const plan = await planFor({ model: ref });
      if (!plan.ok) return plan;
      pools.readmit(plan.value.pack.manifest.id);
      const again = () => planFor({ model: ref });
      return fallback.run(plan.value, again, (chosen) => pools.warm(chosen));
    },
    workers: {
      stateOf: pools.stateOf,
      unload: pools.unload,
      setNamed: pools.setNamed,
      resize: pools.resize,
      status: () => {
        const { last: _, pids: __, ...status } = pools.status();
        const queued = status.queued + batching.waiting;
        return { ...status, queued, memoryBytes: process.memoryUsage.rss() + status.memoryBytes };
      },
    },
    batching: { tell: batching.tell, of: batching.parametersOf },
    refused: ({ fault: why, ...request }) =>
      served.tell({ ...request, begun: performance.now(), outcome: { ok: false, fault: why } }),
    onServed: served.on,
    status: () => {
      const { last, queued, running, memoryBytes, workers: processes } = pools.status();
      const shape = last?.shape ?? { workers: 1, threads: ports.cores };
      return {
        provider: last?.plan.provider ?? 'cpu',
        ...shape,
        processes,
        queued,
        running,
        memoryBytes: process.memoryUsage.rss() + memoryBytes,
        store: store.state(),
        quarantined: [...pools.setAside()],
      };
    },
    on: events.on,
    close: async (options = {}) => {
      if (isClosed) return;
      isClosed = true;
      await idle.close();
      await runs.close();
      await joining.close();
      await pools.close(options.graceMs ?? defaultGraceMs);
      unsubscribe();
      events.close();
    },
  };
  return { engine, inside };
}

const recordOf = (outcome: Outcome<Answer>) => (outcome.ok ? ok(outcome.value.record) : outcome);
