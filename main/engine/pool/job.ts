import { createHash } from 'node:crypto';
import { failed } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
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
  /** Of who asked, where that is one alone. */
  readonly signal: AbortSignal | undefined;
  /** Several requests in one: one of them caused a crash, so each is retried alone. */
  readonly isJoined: boolean;
  readonly priority: Priority;
  readonly queuedAt: number;
  /** When it was sent to a worker (performance.now()); null while queued. */
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
  /** Milliseconds from now after which the request times out. */
  readonly deadlineMs?: number;
};

/** A job and the promise of its outcome; aborting the signal settles it at once. */
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
    signal,
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

/** Identity of the input: its path, or a digest of its bytes (of the first 4 MB when larger). */
export function inputOf({ question, blobs }: Pick<Job, 'question' | 'blobs'>): string {
  if ('source' in question && question.source.kind === 'file') return question.source.path;
  const hash = createHash('sha256').update(JSON.stringify(question));
  for (const piece of blobs.flat()) hash.update(piece.subarray(0, hashedBytes));
  return hash.digest('hex');
}

/** Two FIFO queues, interactive before batch; retries go to the head. */
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
  /** Age of the oldest queued job. */
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
