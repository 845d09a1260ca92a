import { Worker } from 'node:worker_threads';
import type { ToWorker } from '../../../contract/wire.ts';
import type { OpenRunner } from '../../engine/index.ts';

/** Indexes into the memory shared with the watchdog: the deadline of the current run (0: none), its model and its time. */
export const deadlineAt = 0;
export const modelAt = 1;
export const limitAt = 2;
export type WatchdogStart = {
  readonly shared: SharedArrayBuffer;
  /** Process id of the arbiter. */
  readonly parent: number;
  readonly lookMs: number;
};
/** Monotonic milliseconds, equal in all threads of the process, as a 32-bit integer that wraps around and is never 0. */
export const msOf = (): number => (process.uptime() * 1000) | 1;

/**
 * After a sleep that the watchdog, and with it the whole process, did not run in: moves the deadline by it, and at most to
 * the full time from now, which a run that began after the sleep has. A run that began meanwhile stays as it is.
 */
export function postponeDeadline(memory: Int32Array, sleptMs: number): void {
  const deadline = Atomics.load(memory, deadlineAt);
  if (deadline === 0) return;
  const leftMs = ((deadline - msOf()) | 0) + sleptMs;
  const next = (msOf() + Math.min(leftMs, Atomics.load(memory, limitAt))) | 1;
  Atomics.compareExchange(memory, deadlineAt, deadline, next);
}

type RunClock = {
  /** Wraps the runners to time each run. */
  watch(open: OpenRunner): OpenRunner;
  /** A request timed out without blocking the event loop: lets the watchdog end this process. */
  expire(model: string): void;
  close(): Promise<void>;
};

/** A run is ended late by a twentieth of its timeout, or 20 ms; more looks would only keep an idle computer awake. */
const lookMsOf = (timeoutMs: number): number => Math.min(250, Math.max(20, timeoutMs / 20));

/** Timeout of a load, independent of that of a request. */
const loadMs = 130_000;

/**
 * Publishes the deadline of the current run to the watchdog thread by one atomic store. Several requests may be pending; the
 * deadline restarts with each reply, since they run one after the other.
 */
export function startRunClock(watchdogFile: string, timeoutMs: number): RunClock {
  const shared = new SharedArrayBuffer(12);
  const memory = new Int32Array(shared);
  const start: WatchdogStart = { shared, parent: process.ppid, lookMs: lookMsOf(timeoutMs) };
  const thread = new Worker(watchdogFile, { workerData: start, name: 'watchdog' });
  thread.unref();
  let underWay = 0;
  let models = 0;
  const arm = (model: number, ms: number): void => {
    const limitMs = Math.min(ms, 2 ** 30);
    Atomics.store(memory, modelAt, model);
    Atomics.store(memory, limitAt, limitMs);
    Atomics.store(memory, deadlineAt, (msOf() + limitMs) | 1);
  };
  const begin = (model: number, ms: number): void => {
    underWay += 1;
    if (underWay === 1) arm(model, ms);
  };
  const end = (model: number): void => {
    underWay -= 1;
    if (underWay <= 0) Atomics.store(memory, deadlineAt, 0);
    else arm(model, timeoutMs);
  };
  return {
    watch: (open) => (send, onDrained, name) => {
      models += 1;
      const model = models;
      const runner = open(
        (message, blobs) => {
          if ('id' in message && message.kind !== 'pong') end(model);
          send(message, blobs);
        },
        onDrained,
        name,
      );
      return {
        handle: (frame) => {
          const { message } = frame;
          if (isTimed(message)) {
            if (message.kind === 'load') thread.postMessage({ at: model, name });
            begin(model, message.kind === 'load' ? loadMs : timeoutMs);
          }
          runner.handle(frame);
        },
        run: (tensors) => {
          begin(model, timeoutMs);
          try {
            return runner.run(tensors);
          } finally {
            end(model);
          }
        },
      };
    },
    expire: (name) => thread.postMessage({ late: name }),
    close: async () => void (await thread.terminate()),
  };
}

const isTimed = ({ kind }: ToWorker): boolean =>
  kind === 'load' || kind === 'run' || kind === 'infer' || kind === 'thumbnail' || kind === 'prepare';
