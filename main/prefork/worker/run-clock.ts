import { Worker } from 'node:worker_threads';
import type { ToWorker } from '../../../contract/wire.ts';
import type { OpenRunner } from '../../engine/index.ts';

/** Indexes into the memory shared with the watchdog: the deadline of the current run (0: none), and its model. */
export const deadlineAt = 0;
export const modelAt = 1;
export type WatchdogStart = {
  readonly shared: SharedArrayBuffer;
  /** Process id of the arbiter. */
  readonly parent: number;
};
/** Monotonic milliseconds, equal in all threads of the process, as a 32-bit integer that wraps around and is never 0. */
export const msOf = (): number => (process.uptime() * 1000) | 1;

export type RunClock = {
  /** Wraps the runners to time each run. */
  watch(open: OpenRunner): OpenRunner;
  /** A request timed out without blocking the event loop: lets the watchdog end this process. */
  expire(model: string): void;
  close(): Promise<void>;
};

/** Timeout of a load, independent of that of a request. */
const loadMs = 130_000;

/**
 * Publishes the deadline of the current run to the watchdog thread by one atomic store. Several requests may be pending; the
 * deadline restarts with each reply, since they run one after the other.
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
