import { Worker } from 'node:worker_threads';
import type { ToWorker } from '../../../contract/wire.ts';
import type { OpenRunner } from '../../engine/index.ts';

/** Words of the memory that the watchdog looks at: when the run under way is too late (0: none is), and which model's it is. */
export const deadlineAt = 0;
export const modelAt = 1;
export type WatchdogStart = {
  readonly shared: SharedArrayBuffer;
  /** Process id of the arbiter. */
  readonly parent: number;
};
/** Milliseconds that every thread of a process counts alike and no change of the clock moves, as an integer of 32 bits; it wraps around, and is never 0. */
export const msOf = (): number => (process.uptime() * 1000) | 1;

export type RunClock = {
  /** The same runners; each run of a model is timed. */
  watch(open: OpenRunner): OpenRunner;
  /** A request took too long though the event loop is free: the watchdog ends this process. */
  expire(model: string): void;
  close(): Promise<void>;
};

/** A model may take this long to load, whatever a request may. */
const loadMs = 130_000;

/**
 * Times the runs of models for the watchdog, by what one message costs: a store to memory. Two are in hand at a time, and each
 * answer gives the next one its whole time again.
 */
export function startRunClock(watchdogFile: string, timeoutMs: number): RunClock {
  const shared = new SharedArrayBuffer(8);
  const memory = new Int32Array(shared);
  const start: WatchdogStart = { shared, parent: process.ppid };
  const thread = new Worker(watchdogFile, { workerData: start, name: 'watchdog' });
  thread.unref();
  let underWay = 0;
  let models = 0;
  const arm = (model: number, ms: number): void => {
    Atomics.store(memory, modelAt, model);
    Atomics.store(memory, deadlineAt, (msOf() + Math.min(ms, 2 ** 30)) | 1);
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
