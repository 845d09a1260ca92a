import { failed, fault } from '../../contract/faults.ts';
import type { Fault, Outcome } from '../../contract/faults.ts';
import { Crashes } from './crashes.ts';
import { Crew } from './crew.ts';
import { JobQueue } from './job.ts';
import type { Job } from './job.ts';
import type { PoolOptions } from './pool-options.ts';
import { Seat } from './seat.ts';
import { Waits } from './waits.ts';
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
  readonly #seats = new Crew();
  #state: PoolState = { kind: 'open' };
  readonly #crashes: Crashes;
  #startTimer: NodeJS.Timeout | null = null;
  #pinging: NodeJS.Timeout | null = null;
  #usedAt = performance.now();
  #lookers: ((why?: Fault) => void)[] = [];
  /** Workers that there should be now. */
  #wanted: number;
  readonly waits = new Waits();
  #byHand: number | null = null;

  constructor(options: PoolOptions) {
    this.options = options;
    this.#crashes = new Crashes(options.limits.backoffMs);
    this.#wanted = Math.max(1, Math.min(options.workers, options.limits.minWorkers));
  }

  submit(job: Job): void {
    if (job.state === 'settled') return;
    if (this.#state.kind === 'stopped') return job.settle({ ok: false, fault: this.#state.fault });
    if (this.#state.kind !== 'open') return job.settle(failed('shutting-down'));
    job.onCancel = () => {
      this.#queue.remove(job);
      for (const seat of this.#seats.all) seat.cancel(job);
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
        else if (this.isReady) resolve({ ok: true, value: undefined });
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
  get oldestWaitMs(): number {
    return this.#queue.oldestWaitMs;
  }
  /** What a new item would wait, by what the last ones took. */
  get expectedWaitMs(): number {
    return (this.#queue.size * this.waits.itemMs) / Math.max(1, this.#wanted);
  }
  /** Workers that there should be now, and between what a scaler may choose. A number set by hand becomes both ends. */
  get range(): { readonly workers: number; readonly least: number; readonly most: number } {
    const { workers, limits } = this.options;
    const least = this.#byHand ?? Math.max(1, Math.min(workers, limits.minWorkers));
    return { workers: this.#wanted, least, most: this.#byHand ?? workers };
  }
  /** Some of the workers that there should be are not there yet. */
  get isGrowing(): boolean {
    return this.#seats.staying.some(({ isReady }) => !isReady);
  }
  get restarts(): number {
    return this.#crashes.total;
  }
  get running(): number {
    return this.#seats.outstanding;
  }
  get isBusy(): boolean {
    return this.#queue.size > 0 || this.running > 0;
  }
  get isReady(): boolean {
    return this.#seats.isAnyReady;
  }
  get idleMs(): number {
    return this.isBusy ? 0 : performance.now() - this.#usedAt;
  }
  get memoryBytes(): number {
    return this.#seats.memoryBytes;
  }
  get pids(): readonly number[] {
    return this.#seats.pids;
  }
  get stoppedBy(): Fault | null {
    return this.#state.kind === 'stopped' ? this.#state.fault : null;
  }

  /** More workers are started at once; fewer leave when they have finished what they have. */
  resize(workers: number, isByHand = false): void {
    if (this.#state.kind !== 'open') return;
    this.#wanted = Math.max(1, workers);
    if (isByHand) this.#byHand = this.#wanted;
    // Nothing is loaded before it is first wanted.
    if (this.#seats.size === 0) return;
    const staying = [...this.#seats.staying].sort((one, other) => one.outstanding - other.outstanding);
    for (const seat of staying.slice(0, Math.max(0, staying.length - this.#wanted))) seat.retire();
    this.#fill();
    this.#tell();
  }

  /** Finishes what workers have begun, within the time; what waits gets `shutting-down`. */
  async close(graceMs: number): Promise<void> {
    if (this.#state.kind === 'closed' || this.#state.kind === 'closing') return;
    this.#state = { kind: 'closing' };
    this.#queue.failAll(fault('shutting-down'));
    this.#stopTimers();
    const seats = this.#seats.all;
    for (const seat of seats) seat.retire();
    const until = AbortSignal.timeout(Math.max(1, graceMs));
    await Promise.race([
      Promise.all(seats.map(({ link }) => link.ended)),
      new Promise((resolve) => until.addEventListener('abort', resolve, { once: true })),
    ]);
    for (const { link } of this.#seats.all) link.kill('Outpost closed');
    this.#state = { kind: 'closed' };
    this.#tell();
  }

  #fill(): void {
    if (this.#state.kind !== 'open') return;
    const { waitMs } = this.#crashes;
    let missing = this.#wanted + Math.min(this.#seats.leaving, 1) - this.#seats.staying.length;
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
        for (const other of this.#seats.all) if (other.isLeaving) other.retire();
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
      this.#crashes.add();
      if (this.#crashes.inARow >= this.options.limits.crashesBeforeQuarantine) this.#quarantine(reason);
      else {
        this.#crashes.holdBack();
        this.#fill();
      }
    } else this.#fill();
    this.#pump();
    this.#tell();
  }

  #quarantine(reason: string): void {
    const { model } = this.options;
    const why = fault('model-quarantined', { model, crashes: this.#crashes.inARow, reason });
    this.#refuse(why);
    this.options.onQuarantine(why);
  }

  #refuse(why: Fault): void {
    if (this.#state.kind !== 'open') return;
    // A model that took too long once may be loaded the next time.
    if (why.code !== 'model-load-timeout') {
      this.#state = { kind: 'stopped', fault: why };
      this.#stopTimers();
      for (const seat of this.#seats.all) seat.retire();
    } else if (this.isReady) return;
    this.#queue.failAll(why);
    this.#tell(why);
  }

  #pump(): void {
    for (;;) {
      const job = this.#queue.peek();
      if (!job) return;
      const seat = this.#seats.freest(job, this.options.depth);
      if (!seat) return this.#fill();
      this.#queue.remove(job);
      job.state = 'asked';
      job.askedAt = performance.now();
      void seat.ask(job, this.options.requestTimeoutMs()).then((answer) => this.#answered(job, answer));
    }
  }

  #answered(job: Job, answer: LinkAnswer): void {
    this.#usedAt = performance.now();
    switch (answer.kind) {
      case 'replied': {
        this.#crashes.forgive();
        const { reply, blobs } = answer;
        const asked = job.askedAt ?? job.queuedAt;
        this.waits.answered(asked - job.queuedAt, performance.now() - asked);
        job.settle(
          reply.kind === 'failed'
            ? { ok: false, fault: reply.fault }
            : { ok: true, value: { reply, blobs, queueMs: asked - job.queuedAt } },
        );
        this.#recycle();
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
    for (const seat of this.#seats.all) void seat.ping();
    this.#recycle();
  }

  /** One at a time, and its replacement is ready before it goes. */
  #recycle(): void {
    const { recycleGrowthBytes } = this.options.limits;
    const worn = this.#seats.all.find(
      ({ growthBytes, isWorn }) => growthBytes > recycleGrowthBytes || isWorn,
    );
    if (!worn || this.#seats.isAnyLeaving) return;
    worn.leave();
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
