import { isDeepStrictEqual } from 'node:util';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { BatchingParameters } from '../../../contract/serving/serving.ts';
import { onAbort } from '../../lib/abort.ts';
import type { TensorRequest } from '../types.ts';
import type { Plan } from '../plan.ts';
import type { Pools } from '../pool/index.ts';
import { merge, split } from './rows.ts';
import { runOne, runTensors } from './run.ts';
import type { Ran, TensorRan } from './run.ts';
import { batchSize } from './size.ts';
import type { BatchSize } from './size.ts';

type BatchQueueParts = {
  readonly plan: Plan;
  readonly pools: Pools;
  readonly parameters: BatchingParameters;
  /** Whether requests may still be merged. */
  readonly mayJoin: () => boolean;
  /** A batch returned another number of rows than was sent; `reason` as text for people. */
  readonly onOtherRows: (reason: string) => void;
};
type Waiting = {
  readonly request: TensorRequest;
  readonly rows: number;
  readonly signal: AbortSignal | undefined;
  readonly since: number;
  isSettled: boolean;
  settle(outcome: Outcome<TensorRan>): void;
};
/** Below this the round trip to a worker costs more than the inference: one batch at a time, of all that came meanwhile. */
const instantMs = 1;
/** Below this a fuller batch gains more than a second one prefetched by a worker. */
const quickMs = 4;

/**
 * Requests of one model with tensors of one shape. While fewer batches run than there are workers, the next one takes
 * what waits; a batch that is not full is delayed only by `batch_timeout_micros`.
 */
export class BatchQueue {
  readonly #parts: BatchQueueParts;
  readonly #size: BatchSize;
  readonly #queues: Record<'interactive' | 'batch', Waiting[]> = { interactive: [], batch: [] };
  #waitingRows = 0;
  #running = 0;
  #runMs = 0;
  #usedAt = performance.now();
  #isScheduled = false;
  #isTimed = false;
  #mostWaiting: number | undefined;

  constructor(parts: BatchQueueParts) {
    this.#parts = parts;
    this.#mostWaiting = parts.parameters.max_enqueued_batches;
    this.#size = batchSize(parts.parameters);
  }

  get plan(): Plan {
    return this.#parts.plan;
  }
  /** Goes by these parameters from now on; false, and nothing was done, where more than the number of batches that may wait is another. */
  adopt({ max_enqueued_batches: most, ...others }: BatchingParameters): boolean {
    const { max_enqueued_batches: _, ...before } = this.#parts.parameters;
    if (!isDeepStrictEqual(others, before)) return false;
    this.#mostWaiting = most;
    return true;
  }
  get waiting(): number {
    return this.#queues.interactive.length + this.#queues.batch.length;
  }
  get idleMs(): number {
    return this.waiting + this.#running > 0 ? 0 : performance.now() - this.#usedAt;
  }

  add({ request, rows, signal }: Pick<Waiting, 'request' | 'rows' | 'signal'>): Promise<Outcome<TensorRan>> {
    const why = this.#refusal();
    if (why) return Promise.resolve({ ok: false, fault: why });
    return new Promise((resolve) => {
      const clock = this.#startDeadline(request, () => fail('deadline-exceeded'));
      let stopListening = (): void => undefined;
      const waiting: Waiting = {
        request,
        rows,
        signal,
        since: performance.now(),
        isSettled: false,
        settle: (outcome) => {
          if (waiting.isSettled) return;
          waiting.isSettled = true;
          if (clock) clearTimeout(clock);
          stopListening();
          resolve(outcome);
        },
      };
      const fail = (code: 'cancelled' | 'deadline-exceeded'): void => {
        this.#remove(waiting);
        waiting.settle(failed(code, { seconds: (request.deadlineMs ?? 0) / 1000 }));
      };
      this.#queues[request.priority ?? 'interactive'].push(waiting);
      this.#waitingRows += rows;
      stopListening = onAbort(signal, () => fail('cancelled'));
      this.#schedule();
    });
  }

  #refusal(): Fault | null {
    const { pools, plan } = this.#parts;
    const most = (this.#mostWaiting ?? Infinity) * this.#size.most;
    const waitMs = (this.#waitingRows / this.#size.most) * (this.#runMs / pools.workersOf(plan));
    return pools.refusal(plan, { waiting: this.waiting, isOver: this.#waitingRows >= most, waitMs });
  }

  #startDeadline({ deadlineMs }: TensorRequest, onLate: () => void): NodeJS.Timeout | null {
    return deadlineMs === undefined ? null : setTimeout(onLate, Math.max(0, deadlineMs));
  }

  #remove(waiting: Waiting): void {
    const queue = this.#queues[waiting.request.priority ?? 'interactive'];
    const at = queue.indexOf(waiting);
    if (at < 0) return;
    queue.splice(at, 1);
    this.#waitingRows -= waiting.rows;
  }

  /** Requests of one turn of the event loop are dispatched together. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    const { pools, plan } = this.#parts;
    const most = this.#runMs < instantMs ? 1 : pools.workersOf(plan) * (this.#runMs < quickMs ? 1 : 2);
    while (this.waiting > 0 && this.#running < most && !this.#isHeld()) void this.#run(this.#take());
  }

  /** A batch that is not full waits for `batch_timeout_micros`. */
  #isHeld(): boolean {
    const micros = this.#parts.parameters.batch_timeout_micros ?? 0;
    if (micros === 0 || this.#waitingRows >= this.#size.most) return false;
    const oldest = this.#queues.interactive[0] ?? this.#queues.batch[0];
    const leftMs = micros / 1000 - (performance.now() - (oldest?.since ?? 0));
    if (leftMs <= 0) return false;
    if (!this.#isTimed)
      setTimeout(() => {
        this.#isTimed = false;
        this.#dispatch();
      }, leftMs);
    this.#isTimed = true;
    return true;
  }

  #take(): readonly Waiting[] {
    const taken: Waiting[] = [];
    const most = this.#parts.mayJoin() ? this.#size.next() : 0;
    let rows = 0;
    for (const queue of [this.#queues.interactive, this.#queues.batch])
      while (queue[0] && (taken.length === 0 || rows + queue[0].rows <= most)) {
        const next = queue.shift()!;
        rows += next.rows;
        taken.push(next);
      }
    this.#waitingRows -= rows;
    return taken;
  }

  async #run(taken: readonly Waiting[]): Promise<void> {
    const { pools, plan } = this.#parts;
    this.#running += 1;
    const begun = performance.now();
    const rows = taken.reduce((sum, { rows: own }) => sum + own, 0);
    const merged = merge(
      taken.map(({ request }) => request.tensors),
      this.#parts.mayJoin() ? this.#size.paddedTo(rows) : rows,
    );
    const ran = await runTensors(pools, plan, {
      tensors: merged.tensors,
      blobs: merged.blobs,
      priority: taken[0]?.request.priority ?? 'interactive',
      isBounded: false,
      isJoined: taken.length > 1,
      signal: taken.length === 1 ? taken[0]?.signal : undefined,
    });
    const ended = performance.now();
    // What a worker has in hand before is not the cost of this batch: its time begins when the one before it ended.
    const sinceLastMs = pools.workersOf(plan) * (ended - Math.max(begun, this.#usedAt));
    this.#running -= 1;
    this.#usedAt = ended;
    if (ran.ok) {
      this.#runMs += 0.1 * (ran.value.runMs - this.#runMs);
      this.#size.ran(merged.rows, Math.min(ended - begun, sinceLastMs));
      pools.noteWait(plan, begun - (taken[0]?.since ?? begun));
    }
    this.#dispatch();
    this.#settle(taken, ran, { begun, rows: merged.rows });
  }

  #settle(
    taken: readonly Waiting[],
    ran: Outcome<Ran>,
    { begun, rows }: { readonly begun: number; readonly rows: number },
  ): void {
    const [only] = taken;
    if (!ran.ok) {
      // Retry each request by itself: one bad input must not fail the whole batch.
      if (taken.length > 1 && mayBeOneInput(ran.fault)) for (const each of taken) void this.#alone(each);
      else for (const each of taken) each.settle(ran);
      return;
    }
    const { queueMs, tensors, ...spent } = ran.value;
    const times = (each: Waiting) => ({ queueMs: begun - each.since + queueMs, ...spent, batchRows: rows });
    if (only && taken.length === 1 && only.rows === rows) {
      only.settle(ok({ tensors, ...times(only) }));
      return;
    }
    // Padding is cut off behind the last request.
    const sent = taken.map(({ rows: own }) => own);
    const padding = rows - sent.reduce((sum, own) => sum + own, 0);
    const pieces = tensors.map((tensor) => split(tensor, padding > 0 ? [...sent, padding] : sent));
    const other = tensors.find((_, at) => pieces[at] === null);
    if (other) {
      // It is unknown which rows belong to which request: run each by itself, now and from now on.
      this.#parts.onOtherRows(
        `${other.name} came back with ${other.dims[0] ?? 'no'} rows for ${rows} that were sent`,
      );
      for (const each of taken) void this.#alone(each);
      return;
    }
    for (const [at, each] of taken.entries())
      each.settle(ok({ tensors: pieces.flatMap((piece) => piece?.[at] ?? []), ...times(each) }));
  }

  async #alone(each: Waiting): Promise<void> {
    if (each.isSettled) return;
    const { pools, plan } = this.#parts;
    each.settle(await runOne(pools, plan, { request: each.request, signal: each.signal, isBounded: false }));
  }
}

const mayBeOneInput = ({ code }: Fault): boolean =>
  code === 'input-invalid' || code === 'worker-crashed' || code === 'model-stopped' || code === 'internal';
