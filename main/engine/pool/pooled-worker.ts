import { fault } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Job } from './job.ts';
import { silentTimeoutMs } from '../limits.ts';
import type { SessionRun } from '../../../contract/wire.ts';
import type { PoolOptions } from './pool-options.ts';
import { drain } from '../workers/index.ts';
import type { LinkOutcome, Work, WorkerLink } from '../workers/index.ts';

/*
 * One worker process of a pool, with its state.
 *
 *   loading ──> ready (idle or busy) ──grown──> leaving ──replacement ready──> draining ──> gone
 *      └──────────┴──────────pool closes───────────────────────────────────────^
 */
type WorkerState = 'loading' | 'ready' | 'leaving' | 'draining';
export type NotLoaded =
  /** The worker reported a load fault, or missed the load timeout. */
  | { readonly ok: false; readonly kind: 'refused' | 'late'; readonly fault: Fault }
  /** The process ended; `onSample`: while running the sample, after a successful load. */
  | { readonly ok: false; readonly kind: 'lost'; readonly onSample: boolean };
type Loaded = { readonly ok: true } | NotLoaded;

export class PooledWorker {
  readonly link: WorkerLink;
  readonly #options: PoolOptions;
  readonly #asked = new Map<Job, number>();
  #outstanding = 0;
  #state: WorkerState = 'loading';
  #rss = 0;
  #rssLoaded = 0;
  #served = 0;
  readonly #mostServed: number;

  /** `isFirst`: the pool has no other worker. */
  constructor(options: PoolOptions, isFirst: boolean) {
    this.#options = options;
    const { maxRequests, maxRequestsJitter } = options.limits;
    this.#mostServed =
      maxRequests > 0 ? maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1)) : Infinity;
    this.link = options.startLink(isFirst);
  }

  get outstanding(): number {
    return this.#outstanding;
  }
  /** Accepts jobs, also while its replacement is loading. */
  get isReady(): boolean {
    return this.#state === 'ready' || this.#state === 'leaving';
  }
  get isLeaving(): boolean {
    return this.#state === 'leaving';
  }
  get isRetired(): boolean {
    return this.#state === 'draining';
  }
  /** A retried job runs alone: it may be the one that crashed the last worker. */
  get isAlone(): boolean {
    for (const job of this.#asked.keys()) if (job.crashes > 0) return true;
    return false;
  }
  get rssBytes(): number {
    return this.#rss;
  }
  /** Due for recycling: reached its request limit, or outgrew a shared process. */
  get isWorn(): boolean {
    return this.#state === 'ready' && (this.#served >= this.#mostServed || this.link.isOutgrown === true);
  }
  get growthBytes(): number {
    return this.#state === 'ready' && this.#rssLoaded > 0 ? this.#rss - this.#rssLoaded : 0;
  }

  /** With `sample`, loading succeeds only after the sample ran as well. */
  async load(sample: Work | null): Promise<Loaded> {
    const { spec, limits, model } = this.#options;
    const question = spec ? ({ kind: 'load', spec } as const) : ({ kind: 'ping' } as const);
    const answer = await this.link.ask(question, { timeoutMs: limits.loadTimeoutMs });
    const late = (): Loaded => {
      const seconds = Math.round(limits.loadTimeoutMs / 1000);
      return { ok: false, kind: 'late', fault: fault('model-load-timeout', { model, seconds }) };
    };
    if (answer.kind === 'late') return late();
    if (answer.kind === 'lost') return { ok: false, kind: 'lost', onSample: false };
    if (answer.reply.kind === 'failed')
      return { ok: false, kind: 'refused', fault: aboutModel(answer.reply.fault, model) };
    if (sample) {
      const timeoutMs = this.#options.requestTimeoutMs();
      const tried = await this.link.ask(sample.question, { blobs: sample.blobs, timeoutMs });
      if (tried.kind === 'late') return late();
      if (tried.kind === 'lost') return { ok: false, kind: 'lost', onSample: true };
    }
    if (this.#state === 'loading') this.#state = 'ready';
    void this.ping();
    return { ok: true };
  }

  async ask(job: Job, timeoutMs: number): Promise<LinkOutcome> {
    this.#outstanding += 1;
    const answer = await this.link.ask(job.question, {
      blobs: job.blobs,
      timeoutMs,
      onId: (id) => this.#asked.set(job, id),
      client: job.signal,
    });
    this.#outstanding -= 1;
    this.#served += 1;
    this.#asked.delete(job);
    if (this.#state === 'draining' && this.#outstanding === 0) drain(this.link);
    return answer;
  }

  /** Runs the model within this call where it is in this process and has nothing to do; null where it has to be asked. */
  runNow(tensors: readonly TensorBytes[]): Outcome<SessionRun> | null {
    if (this.#asked.size > 0 || !this.isReady) return null;
    const ran = this.link.run?.(tensors) ?? null;
    if (ran !== null) this.#served += 1;
    return ran;
  }

  cancel(job: Job): void {
    const target = this.#asked.get(job);
    if (target !== undefined) this.link.send({ kind: 'cancel', target });
  }

  /** Health check of an idle worker; a busy one may be silent for as long as its request may take. */
  async ping(): Promise<void> {
    if (this.#state === 'loading') return;
    const isIdle = this.#outstanding === 0;
    const asking = this.link.ask({ kind: 'ping' }, isIdle ? { timeoutMs: silentTimeoutMs } : {});
    const answer = await asking;
    if (answer.kind !== 'replied' || answer.reply.kind !== 'pong') return;
    this.#rss = answer.reply.rssBytes * (this.link.share ?? 1);
    this.#rssLoaded ||= this.#rss;
  }

  leave(): void {
    if (this.#state === 'ready') this.#state = 'leaving';
  }

  /** Drains and exits. */
  retire(): void {
    if (this.#state === 'draining') return;
    const wasLoading = this.#state === 'loading';
    this.#state = 'draining';
    if (wasLoading) this.link.kill('it is not needed');
    else if (this.#outstanding === 0) drain(this.link);
  }
}

/** A worker reports the file name only: put in the model's name. */
const aboutModel = (why: Fault, model: string): Fault =>
  why.code === 'model-not-loaded' ? fault(why.code, { ...why.params, model }) : why;
