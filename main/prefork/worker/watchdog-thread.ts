import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { watchdogPipe } from '../messages.ts';
import type { WatchdogLine } from '../messages.ts';
import { deadlineAt, modelAt, msOf, postponeDeadline } from './run-clock.ts';
import type { WatchdogStart } from './run-clock.ts';

/*
 * Checks the deadline of the current run from a thread of its own, because a run blocks the event loop of the process. Past
 * the deadline it reports the model and kills the process; it also does so when the arbiter is gone. Time in which the
 * process did not run, because the computer or the container was stopped, is not time of the run.
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
const end = (model: string): void => {
  write({ kind: 'timeout', model });
  process.kill(process.pid, 'SIGKILL');
};
watchDeadlines();

function watchDeadlines(): void {
  const names: string[] = [];
  parentPort?.on('message', (message: { at: number; name: string } | { late: string }) => {
    if ('late' in message) setTimeout(() => end(message.late), answerMs);
    else names[message.at] = message.name;
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
    end(names[Atomics.load(memory, modelAt)] ?? 'a model');
  }, lookMs);
}
