import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fault } from '../../../contract/faults.ts';
import type { ByteBudget, Share } from '../budget/index.ts';
import { Refused } from '../refuse.ts';
import { movable, perform } from './work.ts';
import type { WorkInput, WorkName, WorkOutput } from './work.ts';

/** Work on more bytes than these is done on another thread: the event loop would stand still for the others meanwhile. */
const largeBytes = 256 * 1024;
const idleMs = 30_000;
const mebibyte = 1024 ** 2;
/** Values of a text that is read take several times its bytes. A thread that needs more ends, and not the process. */
const leastHeap = 256 * mebibyte;

type Job = {
  readonly name: WorkName;
  readonly input: WorkInput<WorkName>;
  readonly isOwn: boolean;
  settle(output: unknown): void;
  /** The thread ended: the work took more memory than there is for it. */
  fail(): void;
};
export type Given = {
  /** Of what is read or written. */
  readonly bytes: number;
  /** The bytes of the input are needed by nobody else, and may be moved. */
  readonly isOwn: boolean;
  readonly signal?: AbortSignal;
  /** Pays for what is made. */
  readonly share?: Share;
};
export type TextThreads = {
  /** Does it at once where it is small, else on a thread. Rejects with `Refused` where memory does not suffice, or nobody waits any more. */
  perform<N extends WorkName>(
    name: N,
    input: WorkInput<N>,
    given: Given,
  ): WorkOutput<N> | Promise<WorkOutput<N>>;
  close(): Promise<void>;
};

/** Threads that read and write large texts, and end when they have had nothing to do for a while. */
export function openTextThreads(budget: ByteBudget, file = threadFile()): TextThreads {
  const memoryBytes = budget.limitBytes;
  if (file === null) warnOnce();
  // One at a time where there is little memory.
  const most = memoryBytes < 1024 * mebibyte ? 1 : 2;
  const heapMiB = Math.round(Math.max(leastHeap, Math.min(2 * memoryBytes, 2048 * mebibyte)) / mebibyte);
  const idle: TextThread[] = [];
  const threads = new Set<TextThread>();
  const waiting: Job[] = [];
  const next = (): void => {
    const job = waiting.shift();
    if (!job) return;
    const thread = idle.pop() ?? (threads.size < most ? open() : null);
    if (!thread) return void waiting.unshift(job);
    thread.run(job);
  };
  const open = (): TextThread => {
    const thread = new TextThread(file!, heapMiB, {
      onFree: () => {
        idle.push(thread);
        next();
      },
      onEnd: () => {
        threads.delete(thread);
        const at = idle.indexOf(thread);
        if (at >= 0) idle.splice(at, 1);
        next();
      },
    });
    threads.add(thread);
    return thread;
  };
  return {
    perform: <N extends WorkName>(name: N, input: WorkInput<N>, { bytes, isOwn, signal, share }: Given) => {
      if (file === null || bytes < largeBytes) return perform(name, input);
      return new Promise<WorkOutput<N>>((settle, fail) => {
        const job: Job = {
          name,
          input,
          isOwn,
          settle: (output) => {
            if (isOwn) share?.shrink(bytes);
            if (share && !share.grow(sizeOf(output))) fail(new Refused(budget.fault()));
            else settle(output as WorkOutput<N>);
          },
          fail: () => fail(new Refused(budget.fault())),
        };
        waiting.push(job);
        // Whoever went away does not hold what it sent until a thread is free.
        const giveUp = (): void => {
          const at = waiting.indexOf(job);
          if (at < 0) return;
          waiting.splice(at, 1);
          fail(new Refused(fault('cancelled')));
        };
        if (signal?.aborted) return giveUp();
        signal?.addEventListener('abort', giveUp, { once: true });
        next();
      });
    },
    close: async () => {
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}

class TextThread {
  readonly #worker: Worker;
  readonly #onFree: () => void;
  #job: Job | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string, heapMiB: number, { onFree, onEnd }: { onFree: () => void; onEnd: () => void }) {
    // What the program itself was started with is not for a file.
    this.#worker = new Worker(file, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMiB } });
    this.#onFree = onFree;
    this.#worker.unref();
    this.#worker.on('message', (output: unknown) => {
      const job = this.#job;
      this.#job = null;
      this.#timer = setTimeout(() => void this.end(), idleMs).unref();
      job?.settle(output);
      this.#onFree();
    });
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => {
      const job = this.#job;
      this.#job = null;
      // What ended the thread is not tried again on the loop that everybody shares.
      job?.fail();
      onEnd();
    });
  }

  run(job: Job): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#job = job;
    const { name, input, isOwn } = job;
    this.#worker.postMessage({ name, input }, isOwn ? [...movable(input)] : []);
  }

  async end(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#worker.terminate();
  }
}

const sizeOf = (output: unknown): number =>
  [...movable(output)].reduce((sum, { byteLength }) => sum + byteLength, 0);

let isWarned = false;
function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  process.emitWarning('json.js is missing: large texts are read on the thread that everybody shares');
}

/** Beside this module, or beside the folder of chunks that it was bundled into; null where nothing was built. */
function threadFile(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  return [here, dirname(here)].map((folder) => join(folder, 'json.js')).find(existsSync) ?? null;
}
