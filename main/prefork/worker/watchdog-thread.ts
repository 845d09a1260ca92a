import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { watchdogPipe } from '../messages.ts';
import type { WatchdogLine } from '../messages.ts';
import { clientAt, deadlineAt, modelAt, msOf, postponeDeadline } from './run-clock.ts';
import type { NamedModel, WatchdogStart } from './run-clock.ts';

/*
 * Checks the deadline of the current run from a thread of its own, because a run blocks the event loop of the process. Past
 * the deadline it reports the model, answers who waits for the run where that is known, and kills the process; it also does so
 * when the arbiter is gone. Time in which the process did not run, because the computer or the container was stopped, is not
 * time of the run.
 */
const { shared, parent, lookMs } = workerData as WatchdogStart;
const memory = new Int32Array(shared);
const aliveMs = 1_000;
/** A look this long after the one before: this thread was not run. */
const sleptMs = lookMs + 1_000;
/** Time for the response with the timeout to reach the client. */
const answerMs = 100;

const write = (line: WatchdogLine): void => {
  try {
    writeSync(watchdogPipe, `${JSON.stringify(line)}\n`);
  } catch {
    // The pipe is closed: the arbiter is ending or gone.
  }
};
/** The run blocks the thread that would: it cannot be writing to this connection, nor close it. */
const answer = (descriptor: number, text: string): void => {
  try {
    writeSync(descriptor, text);
  } catch {
    // The client is gone.
  }
};
const end = (model: string): void => {
  write({ kind: 'timeout', model });
  process.kill(process.pid, 'SIGKILL');
};
watchDeadlines();

function watchDeadlines(): void {
  const models: NamedModel[] = [];
  parentPort?.on('message', (message: NamedModel | { late: string }) => {
    if ('late' in message) setTimeout(() => end(message.late), answerMs);
    else models[message.at] = message;
  });
  let lastAliveMs = 0;
  let lastLookMs = performance.now();
  setInterval(() => {
    const now = performance.now();
    const sinceLookMs = now - lastLookMs;
    lastLookMs = now;
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    if (now - lastAliveMs >= aliveMs) {
      lastAliveMs = now;
      write({ kind: 'alive' });
    }
    if (sinceLookMs > sleptMs) postponeDeadline(memory, sinceLookMs);
    const deadline = Atomics.load(memory, deadlineAt);
    if (deadline === 0 || ((msOf() - deadline) | 0) < 0) return;
    const model = models[Atomics.load(memory, modelAt)];
    const client = Atomics.load(memory, clientAt);
    if (model && client > 0) answer(client, model.answer);
    end(model?.name ?? 'a model');
  }, lookMs);
}
