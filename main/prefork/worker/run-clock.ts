import { Worker } from 'node:worker_threads';
import type { ToWorker } from '../../../contract/wire.ts';
import type { OpenRunner } from '../../engine/index.ts';
import { clockBytes, createDeadline } from './deadline.ts';
import type { DescriptorOf, TimedRun } from './deadline.ts';

export type WatchdogStart = {
  readonly shared: SharedArrayBuffer;
  /** Process id of the arbiter. */
  readonly parent: number;
  readonly lookMs: number;
};
/** A model, by the number that the shared memory has for it. `answer`: what is written to a client whose run was too long. */
export type WatchedModel = { readonly at: number; readonly name: string; readonly answer: string };

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
  readonly descriptorOf: DescriptorOf;
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
