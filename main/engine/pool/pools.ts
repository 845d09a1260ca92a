import { fault, type Fault, type Outcome } from '../../../contract/faults/faults.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Library } from '../../packs/index.ts';
import { sampleWork } from '../golden/index.ts';
import type { SessionRun } from '../../../contract/wire.ts';
import { keyOf, loadSpec, type Plan } from '../plan.ts';
import type { EngineLimits, EnginePorts, LoadedState } from '../types.ts';
import { createSharedWorkers, startLink, startLocalLink } from '../workers/index.ts';
import type { Answered, EarlyLink } from '../workers/index.ts';
import { newJob, type JobRequest, type Priority } from './job.ts';
import { createOpenPools, type OpenPool, type Shape } from './open-pools.ts';
import { createPicturePool } from './picture-pool.ts';
import { figuresOf, workerBytesOf } from './pool-figures.ts';
import type { QueueLoad } from './pool-options.ts';
import { Pool } from './pool.ts';
import { createScaler } from './scale.ts';

export type { Shape } from './open-pools.ts';
type PoolsParts = {
  readonly ports: EnginePorts;
  readonly library: Library;
  readonly limits: EngineLimits;
  readonly requestTimeoutMs: () => number;
  readonly shapeFor: (plan: Plan, priority: Priority) => Shape;
  readonly early: EarlyLink | null;
  readonly onChange: () => void;
  /** A model was quarantined on this provider, or (null) released. */
  readonly onStopped: (plan: Plan, fault: Fault | null) => void;
};
/** `isBounded` false: the caller applies back-pressure itself, so queue limits do not apply. */
export type PoolRequest = JobRequest & { readonly isBounded?: boolean };
export type Asked = { readonly outcome: Promise<Outcome<Answered>>; readonly shape: Shape };

const noLoad: QueueLoad = { waiting: 0, waitMs: 0, isOver: false };
export type Pools = ReturnType<typeof createPools>;

/** Finds or opens the pool of a request; sheds load beyond the queue limits. */
export function createPools(parts: PoolsParts) {
  const { ports, library, limits, requestTimeoutMs, onChange } = parts;
  let last: { plan: Plan; shape: Shape } | null = null;
  let isClosed = false;
  const loadedOnce = new WeakSet<Pool>();
  /** Ids of unloaded models: requests accepted before the unload must not load them again. */
  const unloaded = new Set<string>();

  const { inProcess } = ports;
  const chosenFor = new WeakMap<Plan, OpenPool>();
  const start = (model: string) =>
    inProcess ? startLocalLink(inProcess, model) : (parts.early?.take() ?? startLink(ports));
  const shared = createSharedWorkers(() => start('small models'), limits.maxRequests || Infinity);
  /** Estimated by file size; actual memory is measured once it is loaded. */
  const isSmall = ({ pack, parts: joined, provider }: Plan): boolean =>
    inProcess === undefined &&
    provider === 'cpu' &&
    joined.reduce((sum, part) => sum + part.pack.sizeBytes, pack.sizeBytes) <= limits.sharedBelowBytes;
  const makePool = (plan: Plan, shape: Shape): Pool =>
    new Pool({
      model: plan.pack.ref,
      spec: loadSpec(library, plan, {
        threads: shape.threads,
        ...(inProcess?.mappedFolder !== undefined && { mappedFolder: inProcess.mappedFolder }),
      }),
      workers: shape.workers,
      minWorkers: plan.pack.manifest.serving?.workers === undefined ? limits.minWorkers : Infinity,
      depth: 2,
      limits,
      requestTimeoutMs,
      startLink: (isFirst) =>
        isFirst && isSmall(plan) ? shared.startLink(keyOf(plan)) : start(plan.pack.ref),
      onChange,
      sample: () => sampleWork(library, plan).catch(() => null),
      onStopped: (why) => parts.onStopped(plan, why),
    });
  const open = createOpenPools({ limits, requestTimeoutMs, makePool, onSweep: () => pictures.sweep() });
  const pictures = createPicturePool(
    {
      workers: inProcess ? 1 : ports.cores,
      limits,
      requestTimeoutMs,
      startLink: () => (inProcess ? start('pictures') : startLink(ports)),
      onChange,
    },
    open.leave,
  );
  const allPools = (): readonly Pool[] =>
    open
      .all()
      .map(({ pool }) => pool)
      .concat(pictures.current ?? []);
  const scaler = createScaler(allPools);

  /**
   * An interactive request joins a pool that is busy with a folder run, where it is queued first, rather than open a
   * second pool of another shape.
   */
  const choose = (plan: Plan, priority: Priority): OpenPool => {
    const wanted = parts.shapeFor(plan, priority);
    const busy =
      priority === 'interactive'
        ? open.ofPlan(plan).find(({ pool }) => pool.isReady && pool.isBusy)
        : undefined;
    const chosen = open.use(plan, busy?.shape ?? wanted);
    last = { plan, shape: chosen.shape };
    if (inProcess) chosenFor.set(plan, chosen);
    return chosen;
  };
  const poolOf = (plan: Plan): Pool | undefined =>
    open.ofPlan(plan).find(({ pool }) => !pool.stoppedBy)?.pool;

  /** `busy` when the queue is full, or when the expected wait exceeds the request's deadline. */
  const refusal = (pool: Pool | undefined, load: QueueLoad): Fault | null => {
    if (isClosed) return fault('shutting-down');
    const waiting = allPools().reduce(
      (sum, { waitingInteractive }) => sum + waitingInteractive,
      load.waiting,
    );
    const waitMs = (pool?.expectedWaitMs ?? 0) + load.waitMs;
    const isFull = load.isOver || waiting >= limits.maxQueued || waitMs > limits.maxWaitMs;
    return isFull ? fault('busy', { waiting }) : null;
  };
  const unloadedFault = ({ pack }: Plan): Fault | null => {
    const { id } = pack.manifest;
    return unloaded.has(id) ? fault('model-unloaded', { model: id }) : null;
  };
  const submit = (pool: Pool, request: PoolRequest): Promise<Outcome<Answered>> => {
    const { job, outcome } = newJob(request);
    pool.submit(job);
    if (!loadedOnce.has(pool)) void outcome.then(({ ok }) => ok && loadedOnce.add(pool));
    return outcome;
  };

  return {
    ask: (plan: Plan, request: PoolRequest): Asked => {
      const isBounded = request.isBounded ?? true;
      const why = (isClosed || isBounded ? refusal(poolOf(plan), noLoad) : null) ?? unloadedFault(plan);
      if (why)
        return { outcome: Promise.resolve({ ok: false, fault: why }), shape: { workers: 1, threads: 1 } };
      const { pool, shape } = choose(plan, request.priority);
      return { outcome: submit(pool, request), shape };
    },
    /** Whether the model is a quick one of this process, and free. */
    isQuick: (plan: Plan): boolean => !isClosed && (chosenFor.get(plan)?.pool.isQuick ?? false),
    /** Runs such a model within this call; null where the request has to be asked. */
    runNow: (plan: Plan, tensors: readonly TensorBytes[]): Outcome<SessionRun> | null => {
      const chosen = isClosed ? undefined : chosenFor.get(plan);
      if (!chosen) return null;
      open.touch(chosen);
      return chosen.pool.runNow(tensors);
    },
    /** Work on a picture that needs no model. */
    askPictures: async (request: PoolRequest): Promise<Outcome<Answered>> => {
      const isBounded = request.isBounded ?? true;
      const why = isClosed || isBounded ? refusal(pictures.current ?? undefined, noLoad) : null;
      return why ? { ok: false, fault: why } : submit(pictures.use(), request);
    },
    /** How many more may wait. */
    room: (): number =>
      allPools().reduce((left, { waitingInteractive }) => left - waitingInteractive, limits.maxQueued),
    /** Requests that workers decode or run. */
    inHand: (): number => allPools().reduce((sum, { running }) => sum + running, 0),
    refusal: (plan: Plan, load: QueueLoad): Fault | null => refusal(poolOf(plan), load),
    /** Number of workers of this plan, running or to be started by the first request. */
    workersOf: (plan: Plan): number =>
      poolOf(plan)?.range.workers ?? parts.shapeFor(plan, 'interactive').workers,
    noteWait: (plan: Plan, ms: number): void => poolOf(plan)?.waits.note(ms),
    stateOf: (ref: string): LoadedState => {
      let state: LoadedState = { kind: 'none' };
      for (const { plan, pool } of open.all()) {
        if (plan.pack.ref !== ref) continue;
        // While a crashed worker is replaced the model still counts as loaded: requests queue for the new one.
        if (pool.isReady || (loadedOnce.has(pool) && !pool.stoppedBy)) return { kind: 'ready' };
        // A stop on another provider does not count: requests fall back to the CPU.
        if (pool.stoppedBy && plan.provider === 'cpu') state = { kind: 'stopped', fault: pool.stoppedBy };
        else if (pool.isGrowing) state = { kind: 'loading' };
      }
      return state;
    },
    /** Quarantined models with their faults; those on another provider fall back to the CPU and are left out. */
    setAside: (): readonly { readonly model: string; readonly fault: Fault }[] =>
      open
        .all()
        .flatMap(({ plan, pool }) =>
          plan.provider === 'cpu' && pool.stoppedBy ? [{ model: plan.pack.ref, fault: pool.stoppedBy }] : [],
        ),
    /**
     * Drains the workers of all versions of this model; queued requests get `model-unloaded`, and so do new ones until
     * `readmit`.
     */
    unload: async (id: string): Promise<void> => {
      unloaded.add(id);
      open.dropWhere(({ plan }) => plan.pack.manifest.id === id, fault('model-unloaded', { model: id }));
      await Promise.all(open.leavingOf(id));
    },
    /** What is in memory, and for how long nobody has asked for it. */
    loaded: (): readonly { readonly ref: string; readonly idleMs: number }[] =>
      open
        .all()
        .flatMap(({ plan, pool }) => (pool.stoppedBy ? [] : [{ ref: plan.pack.ref, idleMs: pool.idleMs }])),
    /** Gives memory back: the workers of this version (`id@version`) end, and start again with its next request. */
    release: (ref: string): void => open.dropWhere(({ plan, pool }) => plan.pack.ref === ref && !pool.isBusy),
    isUnloaded: (id: string): boolean => unloaded.has(id),
    /** Allows the model to be loaded again. */
    readmit: (id: string): void => void unloaded.delete(id),
    setNamed: open.setNamed,
    /** Clears the quarantine on every provider; the next request tries to load. */
    forgetStopped: (ref: string): void =>
      open.dropWhere(({ plan, pool }) => plan.pack.ref === ref && pool.stoppedBy !== null),
    resize: (by: 1 | -1): void => {
      for (const { pool } of open.all()) pool.resize(pool.range.workers + by, true);
    },
    warm: async (plan: Plan): Promise<Outcome<void>> => {
      const why = isClosed ? fault('shutting-down') : unloadedFault(plan);
      if (why) return { ok: false, fault: why };
      const { pool } = choose(plan, 'interactive');
      const warmed = await pool.warm();
      if (warmed.ok) loadedOnce.add(pool);
      return warmed;
    },
    /** Drains all pools after a change of settings; they reopen on demand. */
    retire: (): void =>
      open.dropWhere(({ key, pool, plan }) => {
        const wanted = (['interactive', 'batch'] as const).map((priority) =>
          keyOf(plan, parts.shapeFor(plan, priority)),
        );
        return !wanted.includes(key) && !pool.isBusy && !pool.stoppedBy;
      }),
    isQuiet: (): boolean => open.all().every(({ pool }) => !pool.isBusy),
    status: () => {
      const figures = figuresOf(allPools());
      return { ...figures, last, restarts: open.restartsOfClosed + figures.restarts };
    },
    /** Bytes of one worker that holds this model now, the mean of all. */
    memoryOf: (plan: Plan): number | null => workerBytesOf(open.ofPlan(plan).map(({ pool }) => pool)),
    close: async (graceMs: number): Promise<void> => {
      isClosed = true;
      scaler.stop();
      await Promise.all([open.close(graceMs), pictures.current?.close(graceMs)]);
    },
  };
}
