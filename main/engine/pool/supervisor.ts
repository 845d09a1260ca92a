import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { WorkerSet } from './worker-set.ts';
import { Health } from './health.ts';
import type { PoolOptions } from './pool-options.ts';
import { PooledWorker } from './pooled-worker.ts';
import type { NotLoaded } from './pooled-worker.ts';
import type { LinkEnd, Work } from '../workers/index.ts';
import { notStarted, workerEnd } from '../workers/index.ts';

/*
 * Starts the workers of one pool, again when they end, and decides whether the model may be asked.
 *
 *   open ──its inputs or loads fail too often──> stopped      every request gets the reason
 *    ^ └──drain──> drained <──drain──────────────┘ │          tried again after a rest, and when it is loaded by name
 *    └─────────────a worker loaded the model───────┘
 *
 * One worker that fails never stops a pool in which another is ready.
 */
type State =
  | { readonly kind: 'open' | 'drained' }
  /** `retry` is null where only a load by name tries again: a file that is no model does not become one. */
  | { readonly kind: 'stopped'; readonly fault: Fault; readonly retry: NodeJS.Timeout | null };

type SupervisorListener = {
  /** A worker became ready. */
  readonly onReady: () => void;
  /** Fails all queued jobs: quarantined, or load timeout. */
  readonly onFailed: (why: Fault) => void;
  readonly onChange: () => void;
};

export class Supervisor {
  readonly workers = new WorkerSet();
  readonly #options: PoolOptions;
  readonly #listener: SupervisorListener;
  readonly #health: Health;
  #state: State = { kind: 'open' };
  #startTimer: NodeJS.Timeout | null = null;
  #pinging: NodeJS.Timeout | null = null;
  /** Target number of workers. */
  #wanted: number;
  #byHand: number | null = null;
  #wasReady = false;
  /** The sample that the next worker has to run before it gets jobs; `reading` while it is loaded from disk. */
  #sample: Work | 'reading' | null = null;

  constructor(options: PoolOptions, listener: SupervisorListener) {
    this.#options = options;
    this.#listener = listener;
    this.#health = new Health(options.limits);
    this.#wanted = Math.max(1, Math.min(options.workers, options.minWorkers));
  }

  get stoppedBy(): Fault | null {
    return this.#state.kind === 'stopped' ? this.#state.fault : null;
  }
  get restarts(): number {
    return this.#health.total;
  }
  get range(): { readonly workers: number; readonly least: number; readonly most: number } {
    const { workers, minWorkers } = this.#options;
    const least = this.#byHand ?? Math.max(1, Math.min(workers, minWorkers));
    return { workers: this.#wanted, least, most: this.#byHand ?? workers };
  }

  /** Starts missing workers as far as the back-off allows. */
  fill(): void {
    if (this.#state.kind !== 'open' || this.#sample === 'reading') return;
    // Re-arms the health checks, which stop with a quarantine.
    this.#pinging ??= setInterval(() => this.#ping(), this.#options.limits.pingMs).unref();
    const { waitMs } = this.#health;
    let missing = this.#wanted + Math.min(this.workers.leaving, 1) - this.workers.staying.length;
    if (missing <= 0) return;
    if (waitMs > 0) {
      this.#startTimer ??= setTimeout(() => {
        this.#startTimer = null;
        this.fill();
      }, waitMs);
      return;
    }
    for (; missing > 0; missing -= 1) void this.#start(this.#sample);
  }

  resize(workers: number, isByHand: boolean): void {
    if (this.#state.kind !== 'open') return;
    this.#wanted = Math.max(1, workers);
    if (isByHand) this.#byHand = this.#wanted;
    // Lazy: load nothing before the first request.
    if (this.workers.size === 0) return;
    const staying = [...this.workers.staying].sort((one, other) => one.outstanding - other.outstanding);
    for (const worker of staying.slice(0, Math.max(0, staying.length - this.#wanted))) worker.retire();
    this.fill();
  }

  /** A worker replied, with a result or a fault. */
  answered(): void {
    this.#health.answered();
    this.#recycle();
  }

  /** Second crash on the same input, alone on its worker: the input counts against the model. */
  async crashedOn(input: string, reason: string): Promise<void> {
    this.#health.crashedOn(input);
    if (!this.#health.isDoubted || this.#sample !== null || this.#state.kind !== 'open') return;
    // Run the model's own sample on the next worker: it shows whether the model is at fault or these inputs are.
    this.#sample = 'reading';
    const sample = await this.#options.sample();
    this.#sample = sample;
    const { model } = this.#options;
    if (sample) this.fill();
    else
      this.#stop(
        fault('model-quarantined', { model, crashes: this.#health.crashes, reason: workerEnd(reason) }),
      );
  }

  /** Leaves quarantine on trial: one worker, which must pass the sample before any request reaches the model. */
  tryAgain(): void {
    if (this.#state.kind !== 'stopped' || this.#sample === 'reading' || this.workers.isAnyStaying) return;
    if (this.#state.retry) clearTimeout(this.#state.retry);
    this.#sample = 'reading';
    void this.#options.sample().then((sample) => {
      this.#sample = null;
      if (this.#state.kind === 'stopped') void this.#start(sample);
    });
  }

  /** Stops starting workers; resolves when all have drained or were killed. */
  async drain(): Promise<void> {
    this.#stopTimers();
    this.#state = { kind: 'drained' };
    const workers = this.workers.all;
    for (const worker of workers) worker.retire();
    await Promise.all(workers.map(({ link }) => link.ended));
  }

  /** One worker from its start to its end. */
  async #start(sample: Work | null): Promise<void> {
    const worker = new PooledWorker(
      this.#options,
      this.workers.all.every(({ isLeaving, isRetired }) => isLeaving || isRetired),
    );
    this.workers.add(worker);
    const loaded = await worker.load(sample);
    if (loaded.ok && !worker.isRetired) this.#loaded(sample !== null);
    else if (!loaded.ok) worker.link.kill('the model was not loaded');
    const end = await worker.link.ended;
    this.workers.delete(worker);
    if (!worker.isRetired) {
      if (!loaded.ok) this.#notLoaded(loaded, end);
      // Ends caused by a request timeout count against that request only; idle exits do not count against the model.
      else if (end.cause !== 'ordered') this.#health.ended();
    }
    this.fill();
    this.#listener.onReady();
    this.#listener.onChange();
  }

  #loaded(isProved: boolean): void {
    this.#health.loaded();
    this.#wasReady = true;
    const wasStopped = this.#state.kind === 'stopped';
    if (isProved || wasStopped) {
      this.#health.recovered();
      this.#sample = null;
    }
    if (wasStopped) {
      this.#stopTimers();
      this.#state = { kind: 'open' };
      this.#options.onStopped(null);
    }
    for (const other of this.workers.all) if (other.isLeaving) other.retire();
    this.fill();
    this.#listener.onReady();
    this.#listener.onChange();
  }

  #notLoaded(loaded: NotLoaded, end: LinkEnd): void {
    if (this.#state.kind === 'drained') return;
    if (loaded.kind === 'lost') this.#health.ended();
    this.#health.loadFailed();
    const why = this.#whyNotLoaded(loaded, end);
    const isRefused = loaded.kind === 'refused' && why.code !== 'model-not-loaded' && !this.#wasReady;
    if (this.#state.kind === 'stopped') return this.#stop(why, isRefused);
    if (loaded.kind === 'lost' && loaded.onSample) return this.#stop(why);
    // Other workers keep serving: their loads show whether the model or only this worker is at fault.
    if (this.workers.isAnyStaying) return;
    if (isRefused || this.#isElsewhere || this.#health.hasFailedToLoad) return this.#stop(why, isRefused);
    if (loaded.kind === 'late') this.#listener.onFailed(why);
  }

  #whyNotLoaded(loaded: NotLoaded, { reason, cause }: LinkEnd): Fault {
    if (loaded.kind !== 'lost') return loaded.fault;
    const { model } = this.#options;
    if (cause === 'not-started') return fault('model-not-loaded', { model, reason: notStarted(reason) });
    const crashes = loaded.onSample ? this.#health.crashes : this.#health.failedLoads;
    return fault('model-quarantined', { model, crashes, reason: workerEnd(reason) });
  }

  /** Whether there is a CPU fallback. */
  get #isElsewhere(): boolean {
    return this.#options.spec !== null && this.#options.spec.provider !== 'cpu';
  }

  /** Quarantine: ends all workers; requests get `why` until a retry succeeds, after back-off or an explicit load. */
  #stop(why: Fault, isLasting = false): void {
    if (this.#state.kind === 'drained') return;
    const isNews = this.#state.kind === 'open';
    this.#stopTimers();
    const retry =
      isLasting || this.#isElsewhere
        ? null
        : setTimeout(() => this.tryAgain(), this.#health.nextRestMs()).unref();
    this.#state = { kind: 'stopped', fault: why, retry };
    this.#sample = null;
    for (const worker of this.workers.all) worker.retire();
    this.#listener.onFailed(why);
    if (isNews) this.#options.onStopped(why);
  }

  #ping(): void {
    for (const worker of this.workers.all) void worker.ping();
    this.#recycle();
  }

  /** Rolling replacement: one worker at a time, after its successor is ready. */
  #recycle(): void {
    const { recycleGrowthBytes } = this.#options.limits;
    const worn = this.workers.all.find(
      ({ growthBytes, isWorn }) => growthBytes > recycleGrowthBytes || isWorn,
    );
    if (!worn || this.workers.isAnyLeaving) return;
    worn.leave();
    this.fill();
  }

  #stopTimers(): void {
    if (this.#state.kind === 'stopped' && this.#state.retry) clearTimeout(this.#state.retry);
    if (this.#startTimer) clearTimeout(this.#startTimer);
    if (this.#pinging) clearInterval(this.#pinging);
    this.#startTimer = this.#pinging = null;
  }
}
