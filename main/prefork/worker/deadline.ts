import { fstatSync } from 'node:fs';

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

/** Where an answer can be written for this client, if anywhere. */
export type DescriptorOf = (client: AbortSignal) => number | null;
export type TimedRun = {
  readonly model: number;
  readonly limitMs: number;
  readonly client: AbortSignal | undefined;
};

/**
 * Keeps the deadline of the current run in the shared memory. Several may be under way; those of a model run one after the other, in
 * the order in which they began, so the deadline is that of the first, from when it came to be the first; or of one that runs at once.
 */
export function createDeadline(memory: Int32Array, descriptorOf: DescriptorOf) {
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
