import type { Fault } from '../../../contract/faults.ts';
import type { EngineLimits } from '../types.ts';
import { keyOf } from '../plan.ts';
import type { Plan } from '../plan.ts';
import type { Pool } from './pool.ts';

export type Shape = { readonly workers: number; readonly threads: number };
export type OpenPool = {
  readonly key: string;
  readonly pool: Pool;
  readonly plan: Plan;
  readonly shape: Shape;
};
/** A version that nothing names any more keeps its workers this long after its last request. */
const outdatedIdleMs = 5_000;

/** The pools that are alive, in the order of use: the least recently used one goes when there are too many, an idle one after its time. */
export function createOpenPools(parts: {
  readonly limits: Pick<EngineLimits, 'idleTimeoutMs' | 'maxPools'>;
  readonly requestTimeoutMs: () => number;
  readonly makePool: (plan: Plan, shape: Shape) => Pool;
  /** Called after the idle ones among these were closed. */
  readonly onSweep: () => void;
}) {
  const { limits, requestTimeoutMs, makePool, onSweep } = parts;
  /** A map keeps the order of insertion, which here is that of use. */
  const open = new Map<string, OpenPool>();
  const leaving = new Map<Pool, Promise<void>>();
  /** Versions (`id@version`) that nothing names any more: their workers go when they have been idle for a moment. */
  const outdated = new Set<string>();
  let restartsOfClosed = 0;
  let outdatedTimer: NodeJS.Timeout | null = null;

  const leave = (pool: Pool, why?: Fault): void => {
    restartsOfClosed += pool.restarts;
    leaving.set(
      pool,
      pool.close(requestTimeoutMs(), why).finally(() => leaving.delete(pool)),
    );
  };
  const drop = ({ key, pool }: OpenPool, why?: Fault): void => {
    open.delete(key);
    leave(pool, why);
  };
  const dropWhere = (isMeant: (entry: OpenPool) => boolean, why?: Fault): void => {
    for (const entry of open.values()) if (isMeant(entry)) drop(entry, why);
  };
  const sweep = (): void => {
    const isIdle = ({ pool }: OpenPool): boolean => pool.idleMs >= limits.idleTimeoutMs;
    // A stopped pool holds no worker, but keeps the reason for as long as others keep their workers.
    dropWhere((entry) => {
      const isOver = outdated.has(entry.plan.pack.ref) && entry.pool.idleMs >= outdatedIdleMs;
      return isOver || (entry.pool.stoppedBy !== null && isIdle(entry));
    });
    const alive = [...open.values()].filter(({ pool }) => !pool.stoppedBy);
    let over = alive.length - limits.maxPools;
    for (const entry of alive.slice(0, -1)) {
      if (entry.pool.isBusy || (over <= 0 && !isIdle(entry))) continue;
      over -= 1;
      drop(entry);
    }
    const newest = alive.at(-1);
    if (newest && isIdle(newest)) drop(newest);
    onSweep();
  };
  const sweeper = setInterval(sweep, Math.min(30_000, Math.max(50, limits.idleTimeoutMs / 4))).unref();

  return {
    /** The pool of this plan and shape, which is the most recently used one from now on. */
    use: (plan: Plan, shape: Shape): OpenPool => {
      const key = keyOf(plan, shape);
      const known = open.get(key);
      if (known) {
        open.delete(key);
        open.set(key, known);
        return known;
      }
      const made = { key, pool: makePool(plan, shape), plan, shape };
      outdated.delete(plan.pack.ref);
      open.set(key, made);
      sweep();
      return made;
    },
    all: (): readonly OpenPool[] => [...open.values()],
    /** Of any shape. */
    ofPlan: (plan: Plan): readonly OpenPool[] => {
      const prefix = keyOf(plan);
      return [...open.values()].filter(({ key }) => key.startsWith(prefix));
    },
    dropWhere,
    leave,
    /** Pools of this model that were dropped and have not ended yet. */
    leavingOf: (id: string): readonly Promise<void>[] =>
      [...leaving].flatMap(([{ options }, ended]) => (options.model.startsWith(`${id}@`) ? [ended] : [])),
    /** What was planned with a version that nothing names any more is answered by it; then its workers leave. */
    setNamed: (ref: string, isNamed: boolean): void => {
      if (isNamed) return void outdated.delete(ref);
      outdated.add(ref);
      outdatedTimer ??= setInterval(() => {
        sweep();
        if ([...open.values()].some(({ plan }) => outdated.has(plan.pack.ref))) return;
        outdated.clear();
        if (outdatedTimer) clearInterval(outdatedTimer);
        outdatedTimer = null;
      }, outdatedIdleMs / 4).unref();
    },
    get restartsOfClosed(): number {
      return restartsOfClosed;
    },
    close: async (graceMs: number): Promise<void> => {
      clearInterval(sweeper);
      if (outdatedTimer) clearInterval(outdatedTimer);
      const pools = [...open.values()].map(({ pool }) => pool);
      // Those that are leaving already were given as long as a request may take.
      await Promise.all([...pools, ...leaving.keys()].map((pool) => pool.close(graceMs)));
    },
  };
}
