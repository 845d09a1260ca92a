import { fault, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { clientReason } from '../../../contract/reasons.ts';
import { workerEnd } from '../../engine/index.ts';
import type { Guarded, Share, SharedStatus, Totals, WorkerSetup } from '../messages.ts';
import { shareOf } from '../shares.ts';
import { balance } from './balance.ts';
import { createCrashes } from './crashes.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerEnd, WorkerEvents, WorkerProcess } from './worker-process.ts';

export type WorkersParts = {
  /** Built file of an HTTP worker. */
  readonly entry: string;
  readonly setup: WorkerSetup;
  /** Most workers; it starts with `minWorkers`. */
  readonly workers: number;
  readonly minWorkers: number;
  /** What holds for all of them together. */
  readonly totals: Totals;
  /** A worker is replaced after so many requests, plus up to the jitter; 0 is never. */
  readonly maxRequests: number;
  readonly maxRequestsJitter: number;
  /** A worker that has grown this far over its size after loading is replaced. */
  readonly recycleGrowthBytes: number;
  readonly events: Omit<WorkerEvents, 'onStage' | 'onSurvived' | 'onUnexpectedEnd'>;
  /** A worker takes connections that did not before, or one ended. */
  readonly onChange: () => void;
};

/** Steps between the starts of workers that end one after the other without an answer between, in milliseconds. */
const backoffMs = [0, 100, 200, 300, 500, 800, 1_300, 2_100, 3_400, 5_500, 8_900];
/** A worker of a new generation that is not warm by then is given up. */
const warmMs = 180_000;

/** The workers of the arbiter: as many as are wanted, again when one ends, and all of them anew for a change. */
export function createWorkers(parts: WorkersParts) {
  const { entry, events, onChange } = parts;
  const workers = new Set<WorkerProcess>();
  const lives = new WeakMap<WorkerProcess, number>();
  const setups = new WeakMap<WorkerProcess, WorkerSetup>();
  let setup = parts.setup;
  let wanted = parts.minWorkers;
  let range = { least: parts.minWorkers, most: parts.workers };
  let shared: Share | null = null;
  let restarts = 0;
  let refusedBefore = 0;
  let changes = 0;
  let endsInARow = 0;
  let isClosing = false;
  let turn: Promise<unknown> = Promise.resolve();
  let startTimer: NodeJS.Timeout | null = null;

  const staying = (): readonly WorkerProcess[] =>
    [...workers].filter(({ stage }) => stage !== 'draining' && stage !== 'ended');
  /** Of those that drain, too: what they hold is not free yet. */
  const shareFor = (processes: number): Share => {
    const share = shareOf(parts.totals, Math.max(1, processes));
    if (share.maxQueued !== shared?.maxQueued || share.requestMemoryBytes !== shared.requestMemoryBytes)
      for (const worker of workers) worker.share(share);
    shared = share;
    return share;
  };
  const start = (): WorkerProcess => {
    const worker = startWorkerProcess(
      entry,
      { setup, guarded: crashes.guarded(), share: shareFor(workers.size + 1) },
      {
        ...events,
        onStage: ({ stage }) => {
          if (stage === 'warm' && changes === 0) balance(staying());
          onChange();
        },
        onSurvived: crashes.survived,
        onUnexpectedEnd: noteUnexpectedEnd,
      },
    );
    workers.add(worker);
    setups.set(worker, setup);
    const { maxRequests, maxRequestsJitter } = parts;
    lives.set(
      worker,
      maxRequests > 0 ? maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1)) : Infinity,
    );
    void worker.ended.then((end) => {
      workers.delete(worker);
      refusedBefore += worker.state?.requestMemory.refused ?? 0;
      shareFor(workers.size);
      onChange();
      if (!isClosing && !end.isOrdered) replaceEnded(end);
    });
    return worker;
  };
  const noteUnexpectedEnd = (): void => {
    if (!isClosing) crashes.suspect();
  };
  const replaceEnded = ({ reason, timeout, crash }: WorkerEnd): void => {
    restarts += 1;
    const why = timeout === null ? reason : `${timeout} did not answer in time`;
    const at = crash?.running ? `, in ${crash.running.model}` : '';
    events.log('error', `an HTTP worker ended (${why}${at}); another one takes its place`);
    if (crash) crashes.crashed(crash.running, workerEnd(reason));
    fill(backoffMs[Math.min(endsInARow, backoffMs.length - 1)]);
    endsInARow += 1;
  };
  const crashes = createCrashes({
    publish: (guarded: Guarded) => {
      for (const worker of staying()) worker.guard(guarded);
    },
    onRested: (ref) => void loadAgain(ref),
    log: events.log,
  });
  /** In one worker first: the others may be spared its end. */
  const loadAgain = async (ref: string): Promise<void> => {
    for (const worker of staying()) await worker.ask({ kind: 'load', ref }).catch(() => null);
  };
  const fill = (afterMs = 0): void => {
    if (isClosing) return;
    if (startTimer) return;
    startTimer = setTimeout(() => {
      startTimer = null;
      if (isClosing) return;
      for (let missing = wanted - staying().length; missing > 0; missing -= 1) start();
    }, afterMs);
  };
  /** One change after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    changes += 1;
    const done = turn.then(work).finally(() => (changes -= 1));
    turn = done.catch(() => undefined);
    return done;
  };
  /** Starts one in the place of another, which leaves when the new one is warm; else the reason why it stays. */
  const replace = async (old: WorkerProcess, graceMs: number): Promise<Fault | null> => {
    if (isClosing || old.stage === 'draining' || old.stage === 'ended') return null;
    const next = start();
    const late = setTimeout(() => next.kill('it was not warm in time'), warmMs);
    const isWarm = await next.warmed;
    clearTimeout(late);
    if (!isWarm)
      return fault('internal', { reason: clientReason(`a new worker ended: ${(await next.ended).reason}`) });
    // A model that is set aside is no fault of the new one's.
    const lost = next.notLoaded.filter(
      ({ model, fault: why }) =>
        why.code !== 'model-quarantined' && !old.notLoaded.some((each) => each.model === model),
    );
    if (lost[0]) {
      next.drain(0);
      return lost[0].fault;
    }
    old.drain(graceMs);
    // One may have ended meanwhile.
    fill();
    return null;
  };
  const isWorn = (worker: WorkerProcess): boolean =>
    worker.stage === 'warm' &&
    (worker.served >= (lives.get(worker) ?? Infinity) || worker.growthBytes > parts.recycleGrowthBytes);
  const recycling = new Set<WorkerProcess>();
  const resize = (to: number): void => {
    wanted = Math.max(1, to);
    const over = staying().length - wanted;
    if (over > 0) for (const worker of staying().slice(0, over)) worker.drain(parts.setup.timeoutMs);
    fill();
    onChange();
  };

  for (let count = 0; count < wanted; count += 1) start();
  return {
    all: (): readonly WorkerProcess[] => [...workers],
    staying,
    /** Those that may be given connections: warm ones, else those that are up. */
    takers: (): readonly WorkerProcess[] => {
      const warm = staying().filter(({ stage }) => stage === 'warm');
      return warm.length > 0 ? warm : staying().filter(({ stage }) => stage === 'up');
    },
    status: (): Omit<SharedStatus, 'models'> => ({
      workers: staying().length,
      minWorkers: range.least,
      maxWorkers: range.most,
      restarts,
    }),
    /** How many there are to be, and between which bounds; who resizes by hand sets both. */
    range: () => ({ workers: wanted, ...range }),
    /** A generation or a replacement is under way, or a worker is not warm yet. */
    isChanging: (): boolean => changes > 0 || staying().some(({ stage }) => stage !== 'warm'),
    /** Refused for want of memory, by all that there were. */
    refusedForMemory: (): number =>
      [...workers].reduce((sum, { state }) => sum + (state?.requestMemory.refused ?? 0), refusedBefore),
    /** A request was answered well: what came before is forgiven. */
    answered: (): void => {
      endsInARow = 0;
    },
    forgive: crashes.forgive,
    /** Tries again what is set aside. */
    forgiveAll: async (): Promise<void> => {
      for (const ref of crashes.forgiveAll()) await loadAgain(ref);
    },
    /** Replaces a worker that has answered enough, or has grown too much. */
    recycle: (worker: WorkerProcess, graceMs: number): void => {
      if (!isWorn(worker) || recycling.has(worker)) return;
      recycling.add(worker);
      void inTurn(() => replace(worker, graceMs)).finally(() => recycling.delete(worker));
    },
    /** A new generation: every worker anew with this setup. On failure those that answer go on, with the setup before. */
    renew: (next: WorkerSetup, graceMs: number): Promise<Outcome<void>> =>
      inTurn(async () => {
        const before = setup;
        setup = next;
        for (const old of staying()) {
          const why = await replace(old, graceMs);
          if (!why) continue;
          setup = before;
          // Those that came already are of the new generation, which is not to be.
          for (const wrong of staying()) if (setups.get(wrong) === next) await replace(wrong, graceMs);
          return { ok: false, fault: why };
        }
        return ok(undefined);
      }),
    resize: (by: 1 | -1): void => {
      resize(wanted + by);
      range = { least: wanted, most: wanted };
    },
    scale: (by: 1 | -1): void => resize(wanted + by),
    setup: (): WorkerSetup => setup,
    amend: (next: WorkerSetup): void => void (setup = next),
    close: async (graceMs: number): Promise<void> => {
      isClosing = true;
      if (startTimer) clearTimeout(startTimer);
      crashes.close();
      const open = [...workers];
      for (const worker of open) worker.drain(graceMs);
      await Promise.all(open.map(({ ended }) => ended));
    },
  };
}
export type Workers = ReturnType<typeof createWorkers>;
