import type { ChildProcess } from 'node:child_process';
import { fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { workerEnd } from '../../engine/index.ts';
import { setAwakeTimeout } from '../../lib/awake-timer.ts';
import { availableCores } from '../../lib/capacity.ts';
import { messageOf } from '../../lib/error-text.ts';
import { forkFrugal } from '../../lib/fork-frugal.ts';
import type { Guarded, Share, SharedStatus, Totals, HttpWorkerSetup } from '../messages.ts';
import { shareOf } from '../shares.ts';
import { balance } from './balance.ts';
import { createCrashes } from './crashes.ts';
import { startHttpWorkerProcess } from './http-worker-process.ts';
import type { HttpWorkerEnd, HttpWorkerEvents, HttpWorkerProcess } from './http-worker-process.ts';
import { createSetups } from './setups.ts';
import type { ChangeSetup } from './setups.ts';

export type HttpWorkersParts = {
  /** Built file of an HTTP worker. */
  readonly entry: string;
  /** A process of that file, forked while this one read its modules; the first worker. Absent: none was. */
  readonly early?: ChildProcess | undefined;
  readonly setup: HttpWorkerSetup;
  /** Most workers; it starts with `minWorkers`. */
  readonly workers: number;
  readonly minWorkers: number;
  /** Limits over all workers together. */
  readonly totals: Totals;
  /** A worker is replaced after this many requests plus a random part of the jitter; 0: never. */
  readonly maxRequests: number;
  readonly maxRequestsJitter: number;
  /** A worker is replaced when its memory exceeds that after loading by this much. */
  readonly recycleGrowthBytes: number;
  /** How long a worker goes on before it is replaced after all, when its replacement failed. */
  readonly recycleAgainMs?: number;
  readonly events: Omit<HttpWorkerEvents, 'onStage' | 'onSurvived' | 'onUnexpectedEnd'> & {
    /** A worker ended without being told to drain. */
    onEnded(end: HttpWorkerEnd): void;
  };
  /** A worker began to accept connections, or ended. */
  readonly onChange: () => void;
};

/** Back-off between starts while workers end without having answered a request, in milliseconds. */
const backoffMs = [0, 100, 200, 300, 500, 800, 1_300, 2_100, 3_400, 5_500, 8_900];
/** A replacement that is not warm within this time is killed. */
const warmMs = 180_000;
const defaultRecycleAgainMs = 60_000;

/** Keeps the wanted number of workers running, restarts those that end, and replaces all of them for a new setup. */
export function createHttpWorkers(parts: HttpWorkersParts) {
  const { entry, events, onChange } = parts;
  let early = parts.early ?? null;
  const workers = new Set<HttpWorkerProcess>();
  const lives = new WeakMap<HttpWorkerProcess, number>();
  const setups = createSetups<HttpWorkerProcess>(parts.setup);
  let wanted = parts.minWorkers;
  let range = { least: parts.minWorkers, most: parts.workers };
  let shared: Share | null = null;
  let restarts = 0;
  let refusedBefore = 0;
  let changes = 0;
  let endsInARow = 0;
  let isClosing = false;
  let isFilled = false;
  let turn: Promise<unknown> = Promise.resolve();
  let startTimer: NodeJS.Timeout | null = null;

  const staying = (): readonly HttpWorkerProcess[] =>
    [...workers].filter(({ stage }) => stage !== 'draining' && stage !== 'ended');
  /** Divides the limits also among draining workers: they still hold their part. */
  const shareFor = (processes: number): Share => {
    const share = shareOf(parts.totals, Math.max(1, processes));
    if (share.processes !== shared?.processes) for (const worker of workers) worker.share(share);
    shared = share;
    return share;
  };
  const takeEarly = (): ChildProcess | null => {
    const child = early;
    early = null;
    return child?.connected && child.exitCode === null && child.signalCode === null ? child : null;
  };
  const start = (): HttpWorkerProcess => {
    const worker = startHttpWorkerProcess(
      takeEarly() ?? forkFrugal(entry),
      { setup: setups.now(), guarded: crashes.guarded(), share: shareFor(workers.size + 1) },
      {
        ...events,
        onStage: ({ stage }) => {
          if (stage === 'up') fill();
          if (stage === 'warm' && changes === 0) balance(staying());
          onChange();
        },
        onSurvived: crashes.survived,
        onUnexpectedEnd: noteUnexpectedEnd,
      },
    );
    workers.add(worker);
    setups.note(worker);
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
  const replaceEnded = (end: HttpWorkerEnd): void => {
    const { reason, timeout, crash } = end;
    restarts += 1;
    events.onEnded(end);
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
  /** Loads in one worker after the other: if the model crashes the first, the others are spared. */
  const loadAgain = async (ref: string): Promise<void> => {
    for (const worker of staying()) await worker.ask({ kind: 'load', ref }).catch(() => null);
  };
  const fill = (afterMs = 0): void => {
    if (isClosing) return;
    if (startTimer) return;
    startTimer = setTimeout(() => {
      startTimer = null;
      if (isClosing) return;
      isFilled = true;
      for (let missing = wanted - staying().length; missing > 0; missing -= 1) start();
      onChange();
    }, afterMs);
  };
  /** Serialises changes of the set of workers. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    changes += 1;
    const done = turn.then(work).finally(() => (changes -= 1));
    turn = done.catch(() => undefined);
    return done;
  };
  /** Starts a replacement and drains the old worker once that is warm; returns the fault if it does not get warm. */
  const replace = async (old: HttpWorkerProcess, graceMs: number): Promise<Fault | null> => {
    if (isClosing || old.stage === 'draining' || old.stage === 'ended') return null;
    const next = start();
    const late = setAwakeTimeout(() => next.kill('it was not warm in time'), warmMs);
    const isWarm = await next.warmed;
    late.clear();
    if (!isWarm)
      return fault('internal', { reason: clientReason(`a new worker ended: ${(await next.ended).reason}`) });
    // A quarantined model does not count against the replacement.
    const lost = next.notLoaded.filter(
      ({ model, fault: why }) =>
        why.code !== 'model-quarantined' && !old.notLoaded.some((each) => each.model === model),
    );
    if (lost[0]) {
      next.drain(0);
      // The old worker may have ended meanwhile, and this one stood for it.
      fill();
      return lost[0].fault;
    }
    old.drain(graceMs);
    // A worker may have ended meanwhile.
    fill();
    return null;
  };
  /** Replaces these workers by ones with the setup before. */
  const rollBack = async (
    isWrong: (worker: HttpWorkerProcess) => boolean,
    graceMs: number,
  ): Promise<void> => {
    for (const worker of staying()) {
      const why = isWrong(worker) ? await replace(worker, graceMs) : null;
      if (why) events.log('error', `an HTTP worker keeps the setup that was refused: ${why.message}`);
    }
  };
  const isWorn = (worker: HttpWorkerProcess): boolean =>
    worker.stage === 'warm' &&
    (worker.served >= (lives.get(worker) ?? Infinity) || worker.growthBytes > parts.recycleGrowthBytes);
  const recycling = new WeakSet<HttpWorkerProcess>();
  const resize = (to: number): void => {
    wanted = Math.max(1, to);
    const over = staying().length - wanted;
    if (over > 0) for (const worker of staying().slice(0, over)) worker.drain(parts.setup.timeoutMs);
    fill();
    onChange();
  };

  // On few cores, all at once would answer as late as the last of them. The others are started when one serves, or has ended.
  const first = Math.max(1, Math.min(wanted, availableCores() - 1));
  for (let count = 0; count < first; count += 1) start();
  return {
    all: (): readonly HttpWorkerProcess[] => [...workers],
    staying,
    /** Workers that get connections: the warm ones, or those that are up while none is warm. */
    takers: (): readonly HttpWorkerProcess[] => {
      const warm = staying().filter(({ stage }) => stage === 'warm');
      return warm.length > 0 ? warm : staying().filter(({ stage }) => stage === 'up');
    },
    status: (): Omit<SharedStatus, 'models'> => ({
      workers: staying().length,
      minWorkers: range.least,
      maxWorkers: range.most,
      restarts,
    }),
    /** Target number of workers and the limits of scaling; a manual resize sets both limits to the target. */
    range: () => ({ workers: wanted, ...range }),
    /** Not all of the first workers have been started. */
    isStarting: (): boolean => !isFilled,
    /** A replacement is in progress, or a worker is not warm yet. */
    isChanging: (): boolean => changes > 0 || staying().some(({ stage }) => stage !== 'warm'),
    /** Requests refused for lack of memory, by present and former workers. */
    refusedForMemory: (): number =>
      [...workers].reduce((sum, { state }) => sum + (state?.requestMemory.refused ?? 0), refusedBefore),
    /** A request succeeded: resets the back-off. */
    answered: (): void => {
      endsInARow = 0;
    },
    forgive: crashes.forgive,
    /** Ends all quarantines and loads those models again. */
    forgiveAll: async (): Promise<void> => {
      for (const ref of crashes.forgiveAll()) await loadAgain(ref);
    },
    /** Replaces a worker that reached its number of requests or its growth of memory. */
    recycle: (worker: HttpWorkerProcess, graceMs: number): void => {
      if (!isWorn(worker) || recycling.has(worker)) return;
      recycling.add(worker);
      const goesOn = (why: string): void => {
        events.log('error', `an HTTP worker was not replaced, and goes on: ${why}`);
        setTimeout(() => recycling.delete(worker), parts.recycleAgainMs ?? defaultRecycleAgainMs).unref();
      };
      inTurn(() => replace(worker, graceMs)).then(
        (why) => why && goesOn(why.message),
        (error: unknown) => goesOn(messageOf(error)),
      );
    },
    /** Rolling replacement of every worker with the changed setup; on failure rolls back to the previous one. */
    renew: (change: ChangeSetup, graceMs: number): Promise<Outcome<void>> =>
      inTurn(async () => {
        const generation = setups.begin(change);
        try {
          for (const old of staying()) {
            const why = await replace(old, graceMs);
            if (!why) continue;
            generation.fail();
            await rollBack(generation.has, graceMs);
            return { ok: false, fault: why };
          }
          return ok(undefined);
        } finally {
          generation.end();
        }
      }),
    resize: (by: 1 | -1): void => {
      resize(wanted + by);
      range = { least: wanted, most: wanted };
    },
    scale: (by: 1 | -1): void => resize(wanted + by),
    setup: setups.now,
    /** For workers that start from now on; also a replacement that fails goes back to the setup with this change. */
    amend: setups.amend,
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
export type HttpWorkers = ReturnType<typeof createHttpWorkers>;
