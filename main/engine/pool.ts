import { failed, fault } from '../../contract/faults.ts';
import type { Fault, Outcome } from '../../contract/faults.ts';
import { JobQueue } from './job.ts';
import type { Job } from './job.ts';
import type { PoolOptions } from './pool-options.ts';
import { Seat } from './seat.ts';
import type { LinkAnswer } from './worker-link.ts';

/*
 * The workers of one model file on one provider, and the queue before them.
 *
 *   open ──────close──────> closing ──> closed
 *     ├─crashes in a row──> stopped     every job gets `model-quarantined`
 *     └─the model is refused─> stopped  every job gets the reason
 */
type PoolState =
  | { readonly kind: 'open' }
  | { readonly kind: 'stopped'; readonly fault: Fault }
  | { readonly kind: 'closing' }
  | { readonly kind: 'closed' };

export class Pool {
  readonly options: PoolOptions;
  readonly #queue = new JobQueue();
  readonly #seats = new Set<Seat>();
  #state: PoolState = { kind: 'open' };
  #crashesInARow = 0;
  #startNotBefore = 0;
  #startTimer: NodeJS.Timeout | null = null;
  #pinging: NodeJS.Timeout | null = null;
  #usedAt = performance.now();
  #lookers: ((why?: Fault) => void)[] = [];

  constructor(options: PoolOptions) {
    this.options = options;
  }

  submit(job: Job): void {
    if (job.state === 'settled') return;
    if (this.#state.kind === 'stopped') return job.settle({ ok: false, fault: this.#state.fault });
    if (this.#state.kind !== 'open') return job.settle(failed('shutting-down'));
    job.onCancel = () => {
      this.#queue.remove(job);
      for (const seat of this.#seats) seat.cancel(job);
    };
    this.#usedAt = performance.now();
    this.#queue.add(job);
    this.#fill();
    this.#pump();
  }

  /** Loads the workers and comes back with the first that is ready, or with the reason why none is. */
  warm(): Promise<Outcome<void>> {
    if (this.#state.kind === 'open') this.#fill();
    return new Promise((resolve) => {
      const look = (why?: Fault): void => {
        if (why) resolve({ ok: false, fault: why });
        else if (this.#state.kind === 'stopped') resolve({ ok: false, fault: this.#state.fault });
        else if (this.#state.kind !== 'open') resolve(failed('shutting-down'));
        else if ([...this.#seats].some(({ isReady }) => isReady)) resolve({ ok: true, value: undefined });
        else this.#lookers.push(look);
      };
      look();
    });
  }

  get waiting(): number {
    return this.#queue.size;
  }
  get waitingInteractive(): number {
    return this.#queue.waiting('interactive');
  }
  get running(): number {
    let sum = 0;
    for (const { outstanding } of this.#seats) sum += outstanding;
    return sum;
  }
  get isBusy(): boolean {
    return this.#queue.size > 0 || this.running > 0;
  }
  get isReady(): boolean {
    for (const { isReady } of this.#seats) if (isReady) return true;
    return false;
  }
  get idleMs(): number {
    return this.isBusy ? 0 : performance.now() - this.#usedAt;
  }
  get memoryBytes(): number {
    let sum = 0;
    for (const { rssBytes } of this.#seats) sum += rssBytes;
    return sum;
  }
  get pids(): readonly number[] {
    return [...this.#seats].flatMap(({ link }) => link.pid ?? []);
  }
  get stoppedBy(): Fault | null {
    return this.#state.kind === 'stopped' ? this.#state.fault : null;
  }

  /** Finishes what workers have begun, within the time; what waits gets `shutting-down`. */
  async close(graceMs: number): Promise<void> {
    if (this.#state.kind === 'closed' || this.#state.kind === 'closing') return;
    this.#state = { kind: 'closing' };
    this.#queue.failAll(fault('shutting-down'));
    this.#stopTimers();
    const seats = [...this.#seats];
    for (const seat of seats) seat.retire();
    const until = AbortSignal.timeout(Math.max(1, graceMs));
    await Promise.race([
      Promise.all(seats.map(({ link }) => link.ended)),
      new Promise((resolve) => until.addEventListener('abort', resolve, { once: true })),
    ]);
    for (const { link } of this.#seats) link.kill('Outpost closed');
    this.#state = { kind: 'closed' };
    this.#tell();
  }

  #fill(): void {
    if (this.#state.kind !== 'open') return;
    const waitMs = this.#startNotBefore - performance.now();
    const recycling = [...this.#seats].filter(({ isLeaving }) => isLeaving).length;
    let missing = this.options.workers + Math.min(recycling, 1) - this.#seats.size;
    if (missing <= 0) return;
    if (waitMs > 0) {
      this.#startTimer ??= setTimeout(() => {
        this.#startTimer = null;
        this.#fill();
      }, waitMs);
      return;
    }
    this.#pinging ??= setInterval(() => this.#ping(), this.options.limits.pingMs).unref();
    for (; missing > 0; missing -= 1) this.#seat();
  }

  #seat(): void {
    const seat = new Seat(this.options);
    this.#seats.add(seat);
    void seat.load().then((loaded) => {
      if (loaded.ok) {
        for (const other of this.#seats) if (other.isLeaving) other.retire();
      } else if (loaded.fault) {
        seat.link.kill('the model was not loaded');
        this.#refuse(loaded.fault);
      }
      this.#pump();
      this.#tell();
    });
    void seat.link.ended.then((reason) => this.#left(seat, reason));
  }

  #left(seat: Seat, reason: string): void {
    this.#seats.delete(seat);
    if (this.#state.kind === 'open' && !seat.isRetired) {
      this.#crashesInARow += 1;
      if (this.#crashesInARow >= this.options.limits.crashesBeforeQuarantine) this.#quarantine(reason);
      else {
        this.#startNotBefore =
          performance.now() + fibonacci(this.#crashesInARow) * this.options.limits.backoffMs;
        this.#fill();
      }
    } else this.#fill();
    this.#pump();
    this.#tell();
  }

  #quarantine(reason: string): void {
    const { model } = this.options;
    const why = fault('model-quarantined', { model, crashes: this.#crashesInARow, reason });
    this.#refuse(why);
    this.options.onQuarantine(why);
  }

  #refuse(why: Fault): void {
    if (this.#state.kind !== 'open') return;
    // A model that took too long once may be loaded the next time.
    if (why.code !== 'model-load-timeout') {
      this.#state = { kind: 'stopped', fault: why };
      this.#stopTimers();
      for (const seat of this.#seats) seat.retire();
    } else if (this.isReady) return;
    this.#queue.failAll(why);
    this.#tell(why);
  }

  #pump(): void {
    for (;;) {
      const job = this.#queue.peek();
      if (!job) return;
      const seat = this.#freest(job);
      if (!seat) return this.#fill();
      this.#queue.remove(job);
      job.state = 'asked';
      void seat.ask(job, this.options.requestTimeoutMs()).then((answer) => this.#answered(job, answer));
    }
  }

  /** Least outstanding first; a job that was on a crashed worker gets one for itself. */
  #freest(job: Job): Seat | null {
    let best: Seat | null = null;
    for (const seat of this.#seats) {
      if (!seat.isReady || seat.isAlone || seat.outstanding >= (job.crashes > 0 ? 1 : this.options.depth))
        continue;
      if (!best || seat.outstanding < best.outstanding) best = seat;
    }
    return best;
  }

  #answered(job: Job, answer: LinkAnswer): void {
    this.#usedAt = performance.now();
    switch (answer.kind) {
      case 'replied': {
        this.#crashesInARow = 0;
        this.#startNotBefore = 0;
        const { reply, blobs } = answer;
        job.settle(
          reply.kind === 'failed' ? { ok: false, fault: reply.fault } : { ok: true, value: { reply, blobs } },
        );
        break;
      }
      case 'late':
        job.settle(
          failed('worker-timeout', {
            file: job.file,
            seconds: Math.round(this.options.requestTimeoutMs() / 100) / 10,
          }),
        );
        break;
      case 'lost':
        this.#lost(job, answer);
        break;
    }
    this.#pump();
    if (!this.isBusy) this.#tell();
  }

  #lost(job: Job, { reason, wasOrdered }: Extract<LinkAnswer, { kind: 'lost' }>): void {
    if (job.state === 'settled') return;
    if (this.#state.kind === 'stopped') return job.settle({ ok: false, fault: this.#state.fault });
    if (this.#state.kind !== 'open') return job.settle(failed('shutting-down'));
    if (!wasOrdered) job.crashes += 1;
    if (job.crashes > 1) return job.settle(failed('worker-crashed', { file: job.file, reason }));
    job.state = 'waiting';
    this.#queue.putBack(job);
  }

  #ping(): void {
    const { recycleGrowthBytes } = this.options.limits;
    for (const seat of this.#seats) void seat.ping();
    const grown = [...this.#seats].find(({ growthBytes }) => growthBytes > recycleGrowthBytes);
    if (!grown || [...this.#seats].some(({ isLeaving, isRetired }) => isLeaving || isRetired)) return;
    grown.leave();
    this.#fill();
  }

  #stopTimers(): void {
    if (this.#startTimer) clearTimeout(this.#startTimer);
    if (this.#pinging) clearInterval(this.#pinging);
    this.#startTimer = this.#pinging = null;
  }

  #tell(why?: Fault): void {
    for (const look of this.#lookers.splice(0)) look(why);
    this.options.onChange();
  }
}

function fibonacci(step: number): number {
  let [one, next] = [1, 1];
  for (let at = 1; at < step; at += 1) [one, next] = [next, one + next];
  return one;
}
