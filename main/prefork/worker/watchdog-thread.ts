import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { watchdogPipe } from '../messages.ts';
import type { WatchdogLine } from '../messages.ts';
import { claimOverdue, clientAt, inodeAt, inodeOf, modelAt, postponeDeadline } from './deadline.ts';
import type { WatchedModel, WatchdogStart } from './run-clock.ts';

/*
 * Checks the deadline of the current run from a thread of its own, because a run blocks the event loop of the process. Past
 * the deadline it answers who waits for the run where that is known, reports the model, and kills the process; it also kills it
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
/** The thread that would write to this connection is in the run, or waits since the deadline was claimed. */
const answer = (text: string): void => {
  const descriptor = Atomics.load(memory, clientAt);
  const inode = Atomics.load(memory, inodeAt);
  try {
    if (descriptor > 0 && inode !== 0 && inodeOf(descriptor) === inode) writeSync(descriptor, text);
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
  const models: WatchedModel[] = [];
  parentPort?.on('message', (message: WatchedModel | { late: string }) => {
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
    if (!claimOverdue(memory)) return;
    const model = models[Atomics.load(memory, modelAt)];
    if (model) answer(model.answer);
    end(model?.name ?? 'a model');
  }, lookMs);
}
