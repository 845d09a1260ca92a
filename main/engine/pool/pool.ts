import { failed, fault } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { SessionRun } from '../../../contract/wire.ts';
import { chooseWorker } from './choose-worker.ts';
import { inputOf, JobQueue } from './job.ts';
import type { Job } from './job.ts';
import type { PoolOptions } from './pool-options.ts';
import { Supervisor } from './supervisor.ts';
import { Waits } from './waits.ts';
import { tooLong } from '../too-long.ts';
import type { LinkOutcome } from '../workers/index.ts';
import { workerEnd } from '../workers/index.ts';

/** A model whose run takes less has nothing to win by a queue. */
const quickMs = 1;

/** Queue and workers of one model file on one provider. */
export class Pool {
  readonly options: PoolOptions;
  readonly waits = new Waits();
  readonly #queue = new JobQueue();
  readonly #supervisor: Supervisor;
  #usedAt = performance.now();
  #waitingForReady: ((why?: Fault) => void)[] = [];
  /** Set when the pool is being closed: the fault of every later request. */
  #closedBy: Fault | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: PoolOptions) {
    this.options = options;
    this.#supervisor = new Supervisor(options, {
      onReady: () => {
        this.#usedAt = performance.now();
        this.#pump();
      },
      onFailed: (why) => {
        this.#queue.failAll(why);
        this.#notify(why);
      },
      onChange: () => this.#notify(),
    });
  }

  submit(job: Job): void {
    if (job.state === 'settled') return;
    this.#usedAt = performance.now();
    const why = this.#refusal;
    if (why) return job.settle({ ok: false, fault: why });
    job.onCancel = () => {
      this.#queue.remove(job);
      for (const worker of this.#supervisor.workers.all) worker.cancel(job);
    };
    this.#queue.add(job);
    this.#supervisor.fill();
    this.#pump();
  }

  /** Whether a request would be run within the call that brings it, as far as can be known before it is read. */
  get isQuick(): boolean {
    return this.waits.quickestRunMs < quickMs && this.#queue.size === 0 && this.#refusal === null;
  }

  /**
   * Runs a model that is in this process within this call, ahead of no one, where it is a quick one: a queue, a clock and a
   * message would cost more than the run. Null where the request has to be submitted.
   */
  runNow(tensors: readonly TensorBytes[]): Outcome<SessionRun> | null {
    const { workers } = this.#supervisor;
    const worker = this.isQuick && workers.size === 1 ? workers.first : undefined;
    const ran = worker?.runNow(tensors) ?? null;
    if (ran === null) return null;
    this.#usedAt = performance.now();
    if (ran.ok) this.waits.ran(ran.value.runMs);
    this.#supervisor.answered();
    return ran;
  }

  /** Starts the workers; resolves with the first that is ready, or the fault if none is. Lifts a quarantine. */
  warm(): Promise<Outcome<void>> {
    this.#supervisor.fill();
    this.#supervisor.tryAgain();
    return new Promise((resolve) => {
      const check = (why?: Fault): void => {
        const reason = why ?? this.#closedBy;
        if (reason) resolve({ ok: false, fault: reason });
        else if (this.isReady) resolve({ ok: true, value: undefined });
        else this.#waitingForReady.push(check);
      };
      check();
    });
  }

  get waiting(): number {
    return this.#queue.size;
  }
  get waitingInteractive(): number {
    return this.#queue.waiting('interactive');
  }
  get oldestWaitMs(): number {
    return this.#queue.oldestWaitMs;
  }
  /** Estimated queue wait of a new job, from recent run times. */
  get expectedWaitMs(): number {
    return (this.#queue.size * this.waits.itemMs) / Math.max(1, this.range.workers);
  }
  /** Current target and the limits of the scaler; a manual resize fixes both limits. */
  get range(): Supervisor['range'] {
    return this.#supervisor.range;
  }
  /** Fewer workers are running than targeted. */
  get isGrowing(): boolean {
    return this.#supervisor.workers.staying.some(({ isReady }) => !isReady);
  }
  get restarts(): number {
    return this.#supervisor.restarts;
  }
  get running(): number {
    return this.#supervisor.workers.outstanding;
  }
  get isBusy(): boolean {
    return this.#queue.size > 0 || this.running > 0;
  }
  get isReady(): boolean {
    return this.#supervisor.workers.isAnyReady;
  }
  /** Since it could answer and nobody asked: a model that is still loading has somebody who waits for it. */
  get idleMs(): number {
    return this.isBusy || this.isGrowing ? 0 : performance.now() - this.#usedAt;
  }
  get memoryBytes(): number {
    return this.#supervisor.workers.memoryBytes;
  }
  get pids(): readonly number[] {
    return this.#supervisor.workers.pids;
  }
  get stoppedBy(): Fault | null {
    return this.#supervisor.stoppedBy;
  }

  /** Scales up at once; scales down by draining. */
  resize(workers: number, isByHand = false): void {
    this.#supervisor.resize(workers, isByHand);
    this.#notify();
  }

  /**
   * Drains: running jobs may finish within `graceMs`; queued and later ones fail with `why`. A second call can only
   * shorten the time.
   */
  close(graceMs: number, why: Fault = fault('shutting-down')): Promise<void> {
    this.#closedBy ??= why;
    this.#queue.failAll(this.#closedBy);
    this.#closing ??= this.#supervisor.drain();
    const timer = setTimeout(
      () => {
        for (const { link } of this.#supervisor.workers.all) link.kill('it did not end in time');
      },
      Math.max(1, graceMs),
    );
    return this.#closing.finally(() => {
      clearTimeout(timer);
      this.#notify();
    });
  }

  get #refusal(): Fault | null {
    return this.#closedBy ?? this.#supervisor.stoppedBy;
  }

  #pump(): void {
    for (;;) {
      const job = this.#queue.peek();
      if (!job) return;
      const worker = chooseWorker(this.#supervisor.workers, job, this.options.depth);
      if (!worker) return this.#supervisor.fill();
      this.#queue.remove(job);
      job.state = 'asked';
      job.askedAt = performance.now();
      void worker.ask(job, this.options.requestTimeoutMs()).then((answer) => this.#answered(job, answer));
    }
  }

  #answered(job: Job, answer: LinkOutcome): void {
    this.#usedAt = performance.now();
    switch (answer.kind) {
      case 'replied': {
        const { reply, blobs } = answer;
        const asked = job.askedAt ?? job.queuedAt;
        this.waits.answered(asked - job.queuedAt, performance.now() - asked);
        if (reply.kind === 'ran') this.waits.ran(reply.runMs);
        job.settle(
          reply.kind === 'failed'
            ? { ok: false, fault: reply.fault }
            : { ok: true, value: { reply, blobs, queueMs: asked - job.queuedAt } },
        );
        this.#supervisor.answered();
        break;
      }
      case 'late':
        job.settle({ ok: false, fault: tooLong(job.file, this.options.requestTimeoutMs()) });
        break;
      case 'lost':
        this.#lost(job, answer);
        break;
    }
    this.#pump();
    if (!this.isBusy) this.#notify();
  }

  #lost(job: Job, { reason, wasOrdered }: Extract<LinkOutcome, { kind: 'lost' }>): void {
    if (job.state === 'settled') return;
    const why = this.#refusal;
    if (why) return job.settle({ ok: false, fault: why });
    if (!wasOrdered) job.crashes += 1;
    // A joined batch is not counted as a crashing input: each new combination would count again for the same bad request.
    const isOver = job.isJoined ? job.crashes > 0 : job.crashes > 1;
    if (!isOver) {
      job.state = 'waiting';
      return this.#queue.requeue(job);
    }
    const ended = failed('worker-crashed', { file: job.file, reason: workerEnd(reason) });
    if (job.isJoined) return job.settle(ended);
    // The retry ran alone, so this input crashes the worker whatever ran beside it the first time.
    job.settle(ended);
    void this.#supervisor.crashedOn(inputOf(job), reason);
  }

  #notify(why?: Fault): void {
    for (const check of this.#waitingForReady.splice(0)) check(why);
    this.options.onChange();
  }
}
