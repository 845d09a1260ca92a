import type { EngineLimits } from '../types.ts';

/** Crashes further apart than this are counted as unrelated. */
const windowMs = 600_000;
/** Longest back-off between two starts, in steps of `backoffMs`. */
const mostSteps = 100;
/** First and longest wait before a quarantined model is retried, in steps of `backoffMs`. */
const restSteps = 50;
const mostRestSteps = 3_000;

type HealthLimits = Pick<EngineLimits, 'backoffMs' | 'crashesBeforeQuarantine'>;

/**
 * What the workers of one pool did, and when the next may start. Three things are counted separately: inputs that crash a worker
 * (by distinct input, each once), loads that fail, and workers that end with nothing to do. Only the first two
 * quarantine the model: `crashesBeforeQuarantine` of them without an answer in between. Times in milliseconds.
 */
export class Health {
  readonly #limits: HealthLimits;
  readonly #now: () => number;
  readonly #inputs = new Map<string, number>();
  #failedLoads = 0;
  #endsInARow = 0;
  #lastEndAt = -Infinity;
  #total = 0;
  #startNotBefore = 0;
  #rests = 0;

  constructor(limits: HealthLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Unexpected exits so far. */
  get total(): number {
    return this.#total;
  }
  /** Back-off before the next start, in milliseconds; zero or negative: start now. */
  get waitMs(): number {
    return this.#startNotBefore - this.#now();
  }
  /** So many distinct inputs crashed a worker that the model itself is suspect. */
  get isDoubted(): boolean {
    return this.crashes >= this.#limits.crashesBeforeQuarantine;
  }
  get crashes(): number {
    const since = this.#now() - windowMs;
    for (const [input, at] of this.#inputs) if (at < since) this.#inputs.delete(input);
    return this.#inputs.size;
  }
  get hasFailedToLoad(): boolean {
    return this.#failedLoads >= this.#limits.crashesBeforeQuarantine;
  }
  get failedLoads(): number {
    return this.#failedLoads;
  }

  /** An unexpected exit: Fibonacci back-off while they keep coming. */
  ended(): void {
    const now = this.#now();
    this.#total += 1;
    this.#endsInARow = now - this.#lastEndAt > windowMs ? 1 : this.#endsInARow + 1;
    this.#lastEndAt = now;
    this.#holdBack(this.#endsInARow);
  }
  /** The retry, alone on a worker, crashed as well. */
  crashedOn(input: string): void {
    this.#inputs.set(input, this.#now());
  }
  loadFailed(): void {
    this.#failedLoads += 1;
    this.#holdBack(this.#failedLoads);
  }
  loaded(): void {
    this.#failedLoads = 0;
  }
  /** A success resets all counts. */
  answered(): void {
    this.recovered();
    this.#rests = 0;
  }
  /** The retry after quarantine succeeded; the wait is reset by its first result. */
  recovered(): void {
    if (this.#inputs.size > 0) this.#inputs.clear();
    this.#endsInARow = this.#failedLoads = this.#startNotBefore = 0;
  }
  /** Wait before a quarantined model is retried, in milliseconds; doubles each time. */
  nextRestMs(): number {
    const steps = Math.min(mostRestSteps, restSteps * 2 ** this.#rests);
    this.#rests += 1;
    return steps * this.#limits.backoffMs;
  }

  #holdBack(step: number): void {
    const waitMs = Math.min(mostSteps, fibonacci(step)) * this.#limits.backoffMs;
    this.#startNotBefore = Math.max(this.#startNotBefore, this.#now() + waitMs);
  }
}

function fibonacci(step: number): number {
  let [one, next] = [1, 1];
  for (let at = 1; at < Math.min(step, 40); at += 1) [one, next] = [next, one + next];
  return one;
}
