import { fault, type Fault, type Outcome } from '../../../contract/faults.ts';
import type { Library } from '../../packs/index.ts';
import type { EngineLimits, EnginePorts, LoadedState } from '../types.ts';
import type { Answered, EarlyLink } from '../workers/index.ts';
import { newJob, type JobRequest, type Priority } from './job.ts';
import { keyOf, loadSpec, type Plan } from '../plan.ts';
import { Pool } from './pool.ts';
import { figuresOf, workerBytesOf } from './pool-figures.ts';
import type { QueueLoad } from './pool-options.ts';
import { sampleWork } from '../golden/index.ts';
import { createScaler } from './scale.ts';
import { createSharedWorkers, startLink } from '../workers/index.ts';

export type Shape = { readonly workers: number; readonly threads: number };
export type PoolsParts = {
  readonly ports: EnginePorts;
  readonly library: Library;
  readonly limits: EngineLimits;
  readonly requestTimeoutMs: () => number;
  readonly shapeFor: (plan: Plan, priority: Priority) => Shape;
  readonly early: EarlyLink | null;
  readonly onChange: () => void;
  /** A model was set aside on this provider, or (null) answers again. */
  readonly onStopped: (plan: Plan, fault: Fault | null) => void;
};
/** `isBounded` false: the asker holds back by itself, and a full queue is not its concern. */
export type PoolRequest = JobRequest & { readonly isBounded?: boolean };
export type Ask = { readonly outcome: Promise<Outcome<Answered>>; readonly shape: Shape };

/** A version that nothing names any more keeps its workers this long after its last request. */
const outdatedIdleMs = 5_000;
const noLoad: QueueLoad = { waiting: 0, waitMs: 0, isOver: false };

type Entry = { readonly key: string; readonly pool: Pool; readonly plan: Plan; readonly shape: Shape };
export type Pools = ReturnType<typeof createPools>;

/** The pools that are alive: the least recently used one goes when there are too many, an idle one after its time. */
export function createPools(parts: PoolsParts) {
  const { ports, library, limits } = parts;
  const entries = new Map<string, Entry>();
  const leaving = new Map<Pool, Promise<void>>();
  let pictures: Pool | null = null;
  let last: { plan: Plan; shape: Shape } | null = null;
  const loadedOnce = new WeakSet<Pool>();
  let isClosed = false;
  let outdating: NodeJS.Timeout | null = null;
  /** Of pools that are gone. */
  let restarts = 0;
  /** Ids: nothing that was accepted before brings them back. */
  const unloaded = new Set<string>();
  /** Versions (`id@version`) that nothing names any more: their workers go when they have been idle for a moment. */
  const outdated = new Set<string>();
  const sweeper = setInterval(
    () => sweep(),
    Math.min(30_000, Math.max(50, limits.idleTimeoutMs / 4)),
  ).unref();

  const start = () => parts.early?.take() ?? startLink(ports);
  const shared = createSharedWorkers(start, limits.maxRequests || Infinity);
  /** By the size of its files; what it then takes is measured. */
  const isSmall = ({ pack, provider }: Plan): boolean =>
    provider === 'cpu' && pack.sizeBytes <= limits.sharedBelowBytes;
  const scaler = createScaler(() => [...entries.values()].map(({ pool }) => pool));

  const open = (plan: Plan, shape: Shape): Entry => {
    const key = keyOf(plan, shape);
    const known = entries.get(key);
    if (known) {
      // The order of the map is the order of use.
      entries.delete(key);
      entries.set(key, known);
      return known;
    }
    const pool = new Pool({
      model: plan.pack.ref,
      spec: loadSpec(library, plan, shape.threads),
      workers: shape.workers,
      depth: 2,
      limits:
        plan.pack.manifest.serving?.workers === undefined ? limits : { ...limits, minWorkers: Infinity },
      requestTimeoutMs: parts.requestTimeoutMs,
      startLink: (isFirst) => (isFirst && isSmall(plan) ? shared.startLink(keyOf(plan)) : start()),
      onChange: parts.onChange,
      sample: () => sampleWork(library, plan).catch(() => null),
      onStopped: (why) => parts.onStopped(plan, why),
    });
    outdated.delete(plan.pack.ref);
    const entry = { key, pool, plan, shape };
    entries.set(key, entry);
    sweep();
    return entry;
  };

  const drop = (entry: Entry, why?: Fault): void => {
    entries.delete(entry.key);
    leave(entry.pool, why);
  };
  const leave = (pool: Pool, why?: Fault): void => {
    restarts += pool.restarts;
    leaving.set(
      pool,
      pool.close(parts.requestTimeoutMs(), why).finally(() => leaving.delete(pool)),
    );
  };
  const sweep = (): void => {
    for (const entry of entries.values()) {
      const isOver = outdated.has(entry.plan.pack.ref) && entry.pool.idleMs >= outdatedIdleMs;
      // One that stopped keeps its reason, and holds no worker, for as long as others keep theirs.
      if (isOver || (entry.pool.stoppedBy && entry.pool.idleMs >= limits.idleTimeoutMs)) drop(entry);
    }
    const alive = [...entries.values()].filter(({ pool }) => !pool.stoppedBy);
    let over = alive.length - limits.maxPools;
    for (const entry of alive.slice(0, -1)) {
      if (entry.pool.isBusy || (over <= 0 && entry.pool.idleMs < limits.idleTimeoutMs)) continue;
      over -= 1;
      drop(entry);
    }
    const newest = alive.at(-1);
    if (newest && newest.pool.idleMs >= limits.idleTimeoutMs) drop(newest);
    if (pictures && pictures.idleMs >= limits.idleTimeoutMs) {
      leave(pictures);
      pictures = null;
    }
  };

  /** An interactive request goes ahead of a batch that is under way rather than beside it. */
  const choose = (plan: Plan, priority: Priority): Entry => {
    const wanted = parts.shapeFor(plan, priority);
    if (priority === 'interactive') {
      const prefix = keyOf(plan);
      const busy = [...entries.values()].find(
        ({ key, pool }) => key.startsWith(prefix) && pool.isReady && pool.isBusy,
      );
      if (busy) return open(plan, busy.shape);
    }
    return open(plan, wanted);
  };

  const poolOf = (plan: Plan): Pool | undefined => {
    const prefix = keyOf(plan);
    for (const [key, { pool }] of entries) if (key.startsWith(prefix) && !pool.stoppedBy) return pool;
    return undefined;
  };
  const waitingNow = (): number => {
    let waiting = pictures?.waitingInteractive ?? 0;
    for (const { pool } of entries.values()) waiting += pool.waitingInteractive;
    return waiting;
  };
  /** `busy` as soon as too many wait, or when this one would wait too long. */
  const refusal = (pool: Pool | undefined, load: QueueLoad): Fault | null => {
    if (isClosed) return fault('shutting-down');
    const waiting = waitingNow() + load.waiting;
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
    ask: (plan: Plan, request: PoolRequest): Ask => {
      const isBounded = request.isBounded ?? true;
      const why = (isClosed || isBounded ? refusal(poolOf(plan), noLoad) : null) ?? unloadedFault(plan);
      if (why)
        return { outcome: Promise.resolve({ ok: false, fault: why }), shape: { workers: 1, threads: 1 } };
      const { pool, shape } = choose(plan, request.priority);
      last = { plan, shape };
      return { outcome: submit(pool, request), shape };
    },
    /** Work on a picture that needs no model. */
    askPictures: async (request: PoolRequest): Promise<Outcome<Answered>> => {
      const why = refusal(pictures ?? undefined, noLoad);
      if (why) return { ok: false, fault: why };
      pictures ??= new Pool({
        model: 'thumbnails',
        spec: null,
        workers: 1,
        depth: 2,
        limits,
        requestTimeoutMs: parts.requestTimeoutMs,
        startLink: () => startLink(ports),
        onChange: parts.onChange,
        sample: () => Promise.resolve(null),
        onStopped: (why) => {
          // There is no model to set aside: the next picture starts anew.
          if (why && pictures) leave(pictures);
          if (why) pictures = null;
        },
      });
      return submit(pictures, request);
    },
    refusal: (plan: Plan, load: QueueLoad): Fault | null => refusal(poolOf(plan), load),
    /** Workers that this plan has, or will have when it is first asked. */
    workersOf: (plan: Plan): number =>
      poolOf(plan)?.range.workers ?? parts.shapeFor(plan, 'interactive').workers,
    noteWait: (plan: Plan, ms: number): void => poolOf(plan)?.waits.note(ms),
    stateOf: (ref: string): LoadedState => {
      let state: LoadedState = { kind: 'none' };
      for (const { plan, pool } of entries.values()) {
        if (plan.pack.ref !== ref) continue;
        // A worker that is being replaced after a timeout or a crash leaves the model loaded: requests wait for the next one.
        if (pool.isReady || (loadedOnce.has(pool) && !pool.stoppedBy)) return { kind: 'ready' };
        // Where another provider was given up, the processor answers.
        if (pool.stoppedBy && plan.provider === 'cpu') state = { kind: 'stopped', fault: pool.stoppedBy };
        else if (pool.isGrowing) state = { kind: 'loading' };
      }
      return state;
    },
    /** Models that the processor cannot answer now, with the reasons. */
    setAside: (): readonly { readonly model: string; readonly fault: Fault }[] =>
      [...entries.values()].flatMap(({ plan, pool }) =>
        plan.provider === 'cpu' && pool.stoppedBy ? [{ model: plan.pack.ref, fault: pool.stoppedBy }] : [],
      ),
    /** Ends the workers of every version of this model when they are done; what waits gets `model-unloaded`, until `readmit`. */
    unload: async (id: string): Promise<void> => {
      unloaded.add(id);
      const why = fault('model-unloaded', { model: id });
      for (const entry of entries.values()) if (entry.plan.pack.manifest.id === id) drop(entry, why);
      await Promise.all(
        [...leaving].flatMap(([{ options }, ended]) => (options.model.startsWith(`${id}@`) ? [ended] : [])),
      );
    },
    isUnloaded: (id: string): boolean => unloaded.has(id),
    /** Someone wants the model again. */
    readmit: (id: string): void => void unloaded.delete(id),
    /** What was planned with a version that nothing names any more is answered by it; then its workers leave. */
    setNamed: (ref: string, isNamed: boolean): void => {
      if (isNamed) return void outdated.delete(ref);
      outdated.add(ref);
      outdating ??= setInterval(() => {
        sweep();
        if ([...entries.values()].some(({ plan }) => outdated.has(plan.pack.ref))) return;
        outdated.clear();
        if (outdating) clearInterval(outdating);
        outdating = null;
      }, outdatedIdleMs / 4).unref();
    },
    /** Why this model was stopped on any provider is forgotten: the next request finds out anew. */
    forgetStopped: (ref: string): void => {
      for (const entry of entries.values())
        if (entry.plan.pack.ref === ref && entry.pool.stoppedBy) drop(entry);
    },
    resize: (by: 1 | -1): void => {
      for (const { pool } of entries.values()) pool.resize(pool.range.workers + by, true);
    },
    warm: (plan: Plan): Promise<Outcome<void>> => {
      const why = isClosed ? fault('shutting-down') : unloadedFault(plan);
      if (why) return Promise.resolve({ ok: false, fault: why });
      const { pool, shape } = choose(plan, 'interactive');
      last = { plan, shape };
      return pool.warm().then((warmed) => {
        if (warmed.ok) loadedOnce.add(pool);
        return warmed;
      });
    },
    /** Workers whose settings are no longer wanted end when they are done. */
    retire: (): void => {
      for (const entry of entries.values()) {
        const wanted = (['interactive', 'batch'] as const).map((priority) =>
          keyOf(entry.plan, parts.shapeFor(entry.plan, priority)),
        );
        if (!wanted.includes(entry.key) && !entry.pool.isBusy && !entry.pool.stoppedBy) drop(entry);
      }
    },
    isQuiet: (): boolean => [...entries.values()].every(({ pool }) => !pool.isBusy),
    status: () => {
      const pools = [...entries.values()].map(({ pool }) => pool).concat(pictures ?? []);
      const figures = figuresOf(pools);
      return { ...figures, last, restarts: restarts + figures.restarts };
    },
    /** Bytes of one worker that holds this model now, the mean of all. */
    memoryOf: (plan: Plan): number | null => {
      const prefix = keyOf(plan);
      return workerBytesOf(
        [...entries.values()].flatMap(({ key, pool }) => (key.startsWith(prefix) ? [pool] : [])),
      );
    },
    close: async (graceMs: number): Promise<void> => {
      isClosed = true;
      clearInterval(sweeper);
      scaler.stop();
      if (outdating) clearInterval(outdating);
      const pools = [...entries.values()].map(({ pool }) => pool).concat(pictures ?? []);
      // Those that are leaving already were given as long as a request may take.
      await Promise.all([...pools, ...leaving.keys()].map((pool) => pool.close(graceMs)));
    },
  };
}
