import { Worker } from 'node:worker_threads';
import { stackOf } from '../../../lib/error-text.ts';
import type { Refused } from '../refusals/refuse.ts';
import type { Answered } from '../../text-thread-entry.ts';
import { movable } from '../../text-work.ts';
import type { WorkInput, WorkName } from '../../text-work.ts';

/** Why a piece of work has no result. */
export type Failure =
  /** The thread ran out of memory: with this work alone. */
  | { readonly kind: 'memory' }
  /** What is nobody's fault but ours. */
  | { readonly kind: 'bug'; readonly text: string };
export type Job = {
  readonly name: WorkName;
  readonly input: WorkInput<WorkName>;
  settle(answered: Answered & { readonly ok: true }): void;
  fail(why: Failure | Refused): void;
  /** Its input and whatever was made of it are no longer on the thread. */
  release(): void;
};
type Events = {
  /** It waits for the next job. */
  onFree(): void;
  /** It takes no job any more: it is about to end, or ended. Told once. */
  onLeave(): void;
  /** Its memory is free. */
  onEnd(): void;
};

/** One thread and the job that it does. */
export class TextThread {
  readonly #worker: Worker;
  readonly #events: Events;
  readonly #idleMs: number;
  #job: Job | null = null;
  #timer: NodeJS.Timeout | null = null;
  #hasLeft = false;
  #why: Failure | null = null;

  constructor(file: string, { heapMiB, idleMs }: { heapMiB: number; idleMs: number }, events: Events) {
    // What the program itself was started with is not for a file.
    this.#worker = new Worker(file, {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    this.#events = events;
    this.#idleMs = idleMs;
    this.#worker.unref();
    this.#worker.on('message', (answered: Answered) => this.#answered(answered));
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#why =
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { kind: 'memory' }
          : { kind: 'bug', text: error.stack ?? error.message };
    });
    this.#worker.on('exit', (code) => {
      this.#leave();
      const job = this.#job;
      this.#job = null;
      // What ended the thread is not tried again on the loop that everybody shares.
      job?.fail(
        this.#why ?? {
          kind: 'bug',
          text: `a thread for texts ended with exit code ${code}`,
        },
      );
      job?.release();
      events.onEnd();
    });
  }

  run(job: Job): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#job = job;
    const { name, input } = job;
    try {
      this.#worker.postMessage({ name, input }, [...movable(input)]);
    } catch (error) {
      // Bytes that were moved away before, say. The thread has not seen the job.
      const text = stackOf(error);
      setImmediate(() => this.#answered({ ok: false, why: { kind: 'bug', text } }));
    }
  }

  isDoing(job: Job): boolean {
    return this.#job === job;
  }

  /** Fails the job, which goes on until the thread ends. */
  giveUp(why: Refused): void {
    this.#job?.fail(why);
  }

  async end(): Promise<void> {
    this.#leave();
    await this.#worker.terminate();
  }

  #answered(answered: Answered): void {
    const job = this.#job;
    this.#job = null;
    if (answered.ok) job?.settle(answered);
    else job?.fail(answered.why);
    job?.release();
    if (this.#hasLeft) return;
    this.#timer = setTimeout(() => void this.end(), this.#idleMs).unref();
    this.#events.onFree();
  }

  #leave(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#events.onLeave();
  }
}
