import { fstatSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { ToWorker } from '../../../contract/wire.ts';
import type { OpenRunner } from '../../engine/index.ts';

/** Indexes into the memory shared with the watchdog: the deadline of the current run (0: none), its model, its time, and its client. */
export const deadlineAt = 0;
export const modelAt = 1;
export const limitAt = 2;
/** The descriptor of the connection that waits for it, 0 where there is none, and the socket's inode: a number that was closed is given again. */
export const clientAt = 3;
export const inodeAt = 4;
export const clockBytes = 20;
/** In place of a deadline: the watchdog is ending the process for the run. No deadline is even. */
const claimed = 2;
export type WatchdogStart = {
  readonly shared: SharedArrayBuffer;
  /** Process id of the arbiter. */
  readonly parent: number;
  readonly lookMs: number;
};
/** A model, by the number that the shared memory has for it. `answer`: what is written to a client whose run was too long. */
export type WatchedModel = { readonly at: number; readonly name: string; readonly answer: string };
/** Monotonic milliseconds, equal in all threads of the process, as a 32-bit integer that wraps around and is never 0. */
export const msOf = (): number => (process.uptime() * 1000) | 1;

/**
 * After a sleep that the watchdog, and with it the whole process, did not run in: moves the deadline by it, and at most to
 * the full time from now, which a run that began after the sleep has. A run that began meanwhile stays as it is.
 */
export function postponeDeadline(memory: Int32Array, sleptMs: number): void {
  const deadline = Atomics.load(memory, deadlineAt);
  if (deadline === 0 || deadline === claimed) return;
  const leftMs = ((deadline - msOf()) | 0) + sleptMs;
  const next = (msOf() + Math.min(leftMs, Atomics.load(memory, limitAt))) | 1;
  Atomics.compareExchange(memory, deadlineAt, deadline, next);
}

/** True once, when the deadline is over: from then on the figures of its run stay as they are, and the thread that runs it stands still when it comes back. */
export function claimOverdue(memory: Int32Array): boolean {
  const deadline = Atomics.load(memory, deadlineAt);
  if (deadline === 0 || deadline === claimed || ((msOf() - deadline) | 0) < 0) return false;
  return Atomics.compareExchange(memory, deadlineAt, deadline, claimed) === deadline;
}

/** No deadline until the next one is stored. Where the watchdog claimed this one, the answer is its to give: this thread waits for the end. */
function disarm(memory: Int32Array): void {
  for (;;) {
    const deadline = Atomics.load(memory, deadlineAt);
    if (deadline === claimed) Atomics.wait(memory, deadlineAt, claimed);
    else if (Atomics.compareExchange(memory, deadlineAt, deadline, 0) === deadline) return;
  }
}

type TimedRun = {
  readonly model: number;
  readonly limitMs: number;
  readonly client: AbortSignal | undefined;
};

/**
 * Keeps the deadline of the current run in the shared memory. Several may be under way; those of a model run one after the other, in
 * the order in which they began, so the deadline is that of the first, from when it came to be the first; or of one that runs at once.
 */
export function createDeadline(memory: Int32Array, descriptorOf: ClockOptions['descriptorOf']) {
  const underWay = new Set<TimedRun>();
  let current: TimedRun | null = null;
  const arm = (run: TimedRun): void => {
    const { model, limitMs, client } = run;
    disarm(memory);
    current = run;
    const boundMs = Math.min(limitMs, 2 ** 30);
    const descriptor = (client && descriptorOf(client)) ?? 0;
    Atomics.store(memory, modelAt, model);
    Atomics.store(memory, limitAt, boundMs);
    Atomics.store(memory, clientAt, descriptor);
    Atomics.store(memory, inodeAt, descriptor === 0 ? 0 : inodeOf(descriptor));
    Atomics.store(memory, deadlineAt, (msOf() + boundMs) | 1);
    client?.addEventListener('abort', forget, { once: true });
  };
  const forget = (): void => void Atomics.store(memory, clientAt, 0);
  return {
    begin: (run: TimedRun): void => {
      underWay.add(run);
      if (current === null) arm(run);
    },
    /** Runs before what began earlier. */
    beginAtOnce: (run: TimedRun): void => {
      underWay.add(run);
      arm(run);
    },
    end: (run: TimedRun): void => {
      underWay.delete(run);
      if (current !== run) return;
      run.client?.removeEventListener('abort', forget);
      const [next] = underWay;
      if (next) return arm(next);
      current = null;
      disarm(memory);
    },
  };
}

/** The inode of an open socket, as a 32-bit integer; 0 for anything else, and for what is not open. */
export function inodeOf(descriptor: number): number {
  try {
    const stats = fstatSync(descriptor);
    return stats.isSocket() ? stats.ino | 0 : 0;
  } catch {
    return 0;
  }
}

type RunClock = {
  /** Wraps the runners to time each run. */
  watch(open: OpenRunner): OpenRunner;
  /** A request timed out without blocking the event loop: lets the watchdog end this process. */
  expire(model: string): void;
  close(): Promise<void>;
};
type ClockOptions = {
  readonly watchdogFile: string;
  readonly timeoutMs: number;
  /** Where an answer can be written for this client, if anywhere. */
  readonly descriptorOf: (client: AbortSignal) => number | null;
  /** What a client gets whose run of this model was too long. */
  readonly answerOf: (model: string) => string;
};

/** A run is ended late by a twentieth of its timeout, or 20 ms; more looks would only keep an idle computer awake. */
const lookMsOf = (timeoutMs: number): number => Math.min(250, Math.max(20, timeoutMs / 20));

/** Timeout of a load, independent of that of a request. */
const loadMs = 130_000;

/** Publishes the deadline of the current run to the watchdog thread by atomic stores. */
export function startRunClock({ watchdogFile, timeoutMs, descriptorOf, answerOf }: ClockOptions): RunClock {
  const shared = new SharedArrayBuffer(clockBytes);
  const deadline = createDeadline(new Int32Array(shared), descriptorOf);
  const start: WatchdogStart = { shared, parent: process.ppid, lookMs: lookMsOf(timeoutMs) };
  const thread = new Worker(watchdogFile, { workerData: start, name: 'watchdog' });
  thread.unref();
  let models = 0;
  return {
    watch: (open) => (send, onDrained, name) => {
      models += 1;
      const model = models;
      const runs = new Map<number, TimedRun>();
      const atOnce: TimedRun = { model, limitMs: timeoutMs, client: undefined };
      const runner = open(
        (message, blobs) => {
          const run = 'id' in message ? runs.get(message.id) : undefined;
          if (run && 'id' in message) {
            runs.delete(message.id);
            deadline.end(run);
          }
          send(message, blobs);
        },
        onDrained,
        name,
      );
      return {
        handle: (frame, client) => {
          const { message } = frame;
          if (isTimed(message)) {
            const isLoad = message.kind === 'load';
            if (isLoad)
              thread.postMessage({ at: model, name, answer: answerOf(name) } satisfies WatchedModel);
            const run = { model, limitMs: isLoad ? loadMs : timeoutMs, client };
            runs.set(message.id, run);
            deadline.begin(run);
          }
          runner.handle(frame, client);
        },
        run: (tensors) => {
          deadline.beginAtOnce(atOnce);
          try {
            return runner.run(tensors);
          } finally {
            deadline.end(atOnce);
          }
        },
      };
    },
    expire: (name) => thread.postMessage({ late: name }),
    close: async () => void (await thread.terminate()),
  };
}

type Timed = Extract<ToWorker, { kind: 'load' | 'run' | 'infer' | 'thumbnail' | 'prepare' }>;
const isTimed = (message: ToWorker): message is Timed => {
  const { kind } = message;
  return kind === 'load' || kind === 'run' || kind === 'infer' || kind === 'thumbnail' || kind === 'prepare';
};
