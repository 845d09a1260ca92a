import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fault } from '../../../../contract/faults/faults.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';
import { onAbort } from '../../../lib/abort.ts';
import { once } from '../../../lib/once.ts';
import type { ByteBudget, Share } from '../budget/index.ts';
import { Refused } from '../refusals/refuse.ts';
import { largeBytes } from './large.ts';
import { TextThread } from './text-thread.ts';
import type { Job } from './text-thread.ts';
import { perform } from '../../text-work.ts';
import type { WorkInput, WorkName, WorkOutput } from '../../text-work.ts';

const usualIdleMs = 30_000;
const mebibyte = 1024 ** 2;
/** Values of a text that is read take several times its bytes. A thread that needs more ends, and not the process. */
const leastHeap = 256 * mebibyte;

export type Given = {
  /** Of what is read or written. */
  readonly bytes: number;
  /** Fires when nobody waits any more. */
  readonly signal?: AbortSignal;
  /** Pays for what is made. */
  readonly share?: Share;
};
export type TextThreads = {
  /**
   * Does it at once where it is small, else on a thread, where the large byte arrays of the input go with it. Rejects with
   * `Refused`: `request-memory-full`, `request-memory-exceeded`, `deadline-exceeded`, `cancelled`, `shutting-down`.
   */
  perform<N extends WorkName>(
    name: N,
    input: WorkInput<N>,
    given: Given,
  ): WorkOutput<N> | Promise<WorkOutput<N>>;
  close(): Promise<void>;
};
type TextThreadsOptions = {
  /** Longest time for one piece of work, with the wait for a thread. */
  readonly timeoutMs: number;
  readonly file?: string | null;
  /** A thread that had nothing to do for so long ends. */
  readonly idleMs?: number;
};

/** Threads that read and write large texts, and end when they have had nothing to do for a while. */
export function openTextThreads(
  budget: ByteBudget,
  { timeoutMs, file = threadFile(), idleMs = usualIdleMs }: TextThreadsOptions,
): TextThreads {
  const memoryBytes = budget.limitBytes;
  // One at a time where there is little memory.
  const most = memoryBytes < 1024 * mebibyte ? 1 : 2;
  const heapMiB = Math.round(Math.max(leastHeap, Math.min(2 * memoryBytes, 2048 * mebibyte)) / mebibyte);
  const idle: TextThread[] = [];
  /** Those that have not ended: a thread that is being ended still holds memory. */
  const threads = new Set<TextThread>();
  const waiting: Job[] = [];
  let isClosed = false;
  const next = (): void => {
    const job = waiting.shift();
    if (!job) return;
    const thread = idle.pop() ?? (threads.size < most ? open() : null);
    if (!thread) return void waiting.unshift(job);
    thread.run(job);
  };
  const open = (): TextThread => {
    const thread = new TextThread(
      file!,
      { heapMiB, idleMs },
      {
        onFree: () => {
          idle.push(thread);
          next();
        },
        onLeave: () => {
          const at = idle.indexOf(thread);
          if (at >= 0) idle.splice(at, 1);
        },
        onEnd: () => {
          threads.delete(thread);
          next();
        },
      },
    );
    threads.add(thread);
    return thread;
  };
  /** Whoever went away does not hold what it sent until a thread is free, nor the thread that reads it. */
  const giveUp = (job: Job, why: Fault): void => {
    job.fail(new Refused(why));
    const at = waiting.indexOf(job);
    if (at >= 0) {
      waiting.splice(at, 1);
      job.release();
    } else void [...threads].find((thread) => thread.isDoing(job))?.end();
  };
  return {
    perform: <N extends WorkName>(name: N, input: WorkInput<N>, { bytes, signal, share }: Given) => {
      if (file === null || bytes < largeBytes) return perform(name, input);
      return new Promise<WorkOutput<N>>((resolve, reject) => {
        // The connection outlives the job by far, and must not keep what it listens with.
        let stopListening = (): void => undefined;
        const over = (): void => {
          clearTimeout(timer);
          stopListening();
        };
        const job: Job = {
          name,
          input,
          settle: ({ output, bytes: made }) => {
            over();
            share?.shrink(bytes);
            if (share && !share.grow(made)) reject(new Refused(share.fault(made)));
            else resolve(output as WorkOutput<N>);
          },
          fail: (why) => {
            over();
            if (why instanceof Refused) reject(why);
            else if (why.kind === 'bug') reject(new Error(why.text));
            else reject(new Refused(budget.fault(Infinity)));
          },
          release: () => share?.release(),
        };
        const timer = setTimeout(
          () => giveUp(job, fault('deadline-exceeded', { seconds: timeoutMs / 1000 })),
          timeoutMs,
        ).unref();
        // Its bytes are in use until the thread has given them up, whether or not somebody still waits.
        share?.retain();
        waiting.push(job);
        if (isClosed) return giveUp(job, fault('shutting-down'));
        stopListening = onAbort(signal, () => giveUp(job, fault('cancelled')));
        next();
      });
    },
    close: async () => {
      isClosed = true;
      for (const job of waiting.slice()) giveUp(job, fault('shutting-down'));
      for (const thread of threads) thread.giveUp(new Refused(fault('shutting-down')));
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}

/** Beside this module, or beside the folder of chunks that it was bundled into; null where nothing was built. */
const threadFile = once((): string | null => {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [here, dirname(here)].map((folder) => join(folder, 'json.js')).find(existsSync);
  if (found === undefined)
    process.emitWarning('json.js is missing: large texts are read on the thread that everybody shares');
  return found ?? null;
});
