import { createHash } from 'node:crypto';
import { failed } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { onAbort } from '../../lib/abort.ts';
import type { Blob } from '../../lib/frames.ts';
import type { Answered, Question } from '../workers/index.ts';

export type Priority = 'interactive' | 'batch';

/**
 * One question to a pool.
 *
 *   waiting ──> asked ──> settled
 *      ^          │ └ its worker crashed: once more, alone on a worker
 *      └──────────┘
 *      └──cancel, close, set aside──> settled
 */
export type Job = {
  readonly question: Question;
  readonly blobs: readonly Blob[];
  /** How a fault names what was asked about. */
  readonly file: string;
  /** Several requests in one: one of them caused a crash, so each is retried alone. */
  readonly isJoined: boolean;
  readonly priority: Priority;
  readonly queuedAt: number;
  /** When a worker was given it; null while it waits. */
  askedAt: number | null;
  state: 'waiting' | 'asked' | 'settled';
  crashes: number;
  settle(outcome: Outcome<Answered>): void;
  onCancel: () => void;
};

export type JobRequest = Pick<Job, 'question' | 'file' | 'priority'> & {
  readonly blobs?: readonly Blob[];
  readonly isJoined?: boolean;
  readonly signal?: AbortSignal;
  /** Milliseconds from now after which the answer is not wanted. */
  readonly deadlineMs?: number;
};

/** A job with the promise of its end; a signal that fires settles it at once. */
export function newJob(request: JobRequest): { job: Job; outcome: Promise<Outcome<Answered>> } {
  let resolve: (outcome: Outcome<Answered>) => void = () => {};
  const outcome = new Promise<Outcome<Answered>>((settle) => (resolve = settle));
  const { signal, deadlineMs } = request;
  const fail = (why: Outcome<never>): void => {
    if (job.state === 'settled') return;
    job.settle(why);
    job.onCancel();
  };
  let stopListening = (): void => undefined;
  const clock =
    deadlineMs === undefined
      ? null
      : setTimeout(
          () => fail(failed('deadline-exceeded', { seconds: deadlineMs / 1000 })),
          Math.max(0, deadlineMs),
        );
  const job: Job = {
    question: request.question,
    blobs: request.blobs ?? [],
    file: request.file,
    isJoined: request.isJoined ?? false,
    priority: request.priority,
    queuedAt: performance.now(),
    askedAt: null,
    state: 'waiting',
    crashes: 0,
    onCancel: () => {},
    settle: (result) => {
      if (job.state === 'settled') return;
      job.state = 'settled';
      if (clock) clearTimeout(clock);
      stopListening();
      resolve(result);
    },
  };
  stopListening = onAbort(signal, () => fail(failed('cancelled')));
  return { job, outcome };
}

const hashedBytes = 4 * 1024 ** 2;

/** The same for the same input: its file, or its bytes (of very large ones the first 4 MB). */
export function inputOf({ question, blobs }: Pick<Job, 'question' | 'blobs'>): string {
  if ('source' in question && question.source.kind === 'file') return question.source.path;
  const hash = createHash('sha256').update(JSON.stringify(question));
  for (const piece of blobs.flat()) hash.update(piece.subarray(0, hashedBytes));
  return hash.digest('hex');
}

/** Interactive before batch, first come first served within each; what is tried again goes to the very front. */
export class JobQueue {
  readonly #queues: Record<Priority, Job[]> = { interactive: [], batch: [] };

  add(job: Job): void {
    this.#queues[job.priority].push(job);
  }
  requeue(job: Job): void {
    this.#queues[job.priority].unshift(job);
  }
  remove(job: Job): void {
    const queue = this.#queues[job.priority];
    const at = queue.indexOf(job);
    if (at >= 0) queue.splice(at, 1);
  }
  /** How long the one that waited longest has waited. */
  get oldestWaitMs(): number {
    const oldest = Math.min(
      this.#queues.interactive[0]?.queuedAt ?? Infinity,
      this.#queues.batch[0]?.queuedAt ?? Infinity,
    );
    return oldest === Infinity ? 0 : performance.now() - oldest;
  }
  peek(): Job | undefined {
    return this.#queues.interactive[0] ?? this.#queues.batch[0];
  }
  failAll(fault: Fault): void {
    for (const queue of Object.values(this.#queues))
      for (const job of queue.splice(0)) job.settle({ ok: false, fault });
  }
  waiting(priority: Priority): number {
    return this.#queues[priority].length;
  }
  get size(): number {
    return this.#queues.interactive.length + this.#queues.batch.length;
  }
}
