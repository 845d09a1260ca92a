import type { Fault } from '../../../contract/faults/faults.ts';
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
/** Idle time before the workers of an outdated version (no pointer names it) are closed. */
const outdatedIdleMs = 5_000;

/**
 * The open pools in LRU order: the least recently used one is closed when there are too many, an idle one after its
 * idle timeout.
 */
export function createOpenPools(parts: {
  readonly limits: Pick<EngineLimits, 'idleTimeoutMs' | 'maxPools'>;
  readonly requestTimeoutMs: () => number;
  readonly makePool: (plan: Plan, shape: Shape) => Pool;
  /** Called after the idle ones among these were closed. */
  readonly onSweep: () => void;
}) {
  const { limits, requestTimeoutMs, makePool, onSweep } = parts;
  /** A Map iterates in insertion order: re-inserting at each use makes it an LRU list. */
  const open = new Map<string, OpenPool>();
  const leaving = new Map<Pool, Promise<void>>();
  /** Outdated versions (`id@version`): closed after a short idle time. */
  const outdated = new Set<string>();
  let restartsOfClosed = 0;
  let outdatedTimer: NodeJS.Timeout | null = null;
  let newest: OpenPool | null = null;

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
    // A stopped pool has no workers, but keeps the fault that requests get until its idle timeout.
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
  const touch = (entry: OpenPool): void => {
    if (entry === newest) return;
    open.delete(entry.key);
    open.set(entry.key, entry);
    newest = entry;
  };
  const sweeper = setInterval(sweep, Math.min(30_000, Math.max(50, limits.idleTimeoutMs / 4))).unref();

  return {
    /** The pool of this plan and shape; marks it as the most recently used. */
    use: (plan: Plan, shape: Shape): OpenPool => {
      const key = keyOf(plan, shape);
      const known = open.get(key);
      if (known) {
        touch(known);
        return known;
      }
      const made = { key, pool: makePool(plan, shape), plan, shape };
      outdated.delete(plan.pack.ref);
      open.set(key, made);
      newest = made;
      sweep();
      return made;
    },
    /** It was used again. */
    touch: (entry: OpenPool): void => {
      if (open.get(entry.key) === entry) touch(entry);
    },
    all: (): readonly OpenPool[] => [...open.values()],
    /** Pools of this plan, in every shape. */
    ofPlan: (plan: Plan): readonly OpenPool[] => {
      const prefix = keyOf(plan);
      return [...open.values()].filter(({ key }) => key.startsWith(prefix));
    },
    dropWhere,
    leave,
    /** Closing pools of this model. */
    leavingOf: (id: string): readonly Promise<void>[] =>
      [...leaving].flatMap(([{ options }, ended]) => (options.model.startsWith(`${id}@`) ? [ended] : [])),
    /** Requests planned before a switch still get the outdated version; then its pool idles out. */
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
      // Pools that are closing already had the longer grace of a request timeout: close again with the shorter one.
      await Promise.all([...pools, ...leaving.keys()].map((pool) => pool.close(graceMs)));
    },
  };
}
