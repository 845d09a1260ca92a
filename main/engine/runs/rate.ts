import type { MsRange } from '../../../contract/runs/run.ts';

const windowMs = 4_000;
const stepMs = 250;
/** Upper bound of the error factor: a wider range would say nothing. */
const widest = 3;
/** Lower bound of it: photo sizes vary, so that even many samples do not predict better. */
const narrowest = 1.15;

/** Answers a second over the last few seconds, and the time left by a smoothed rate. */
export class Rate {
  readonly #marks: { at: number; count: number }[] = [];
  #first: number | null = null;
  #smooth: number | null = null;

  add(count: number, now: number): void {
    this.#first ??= count;
    const newest = this.#marks.at(-1);
    if (newest && now - newest.at < stepMs) return;
    this.#marks.push({ at: now, count });
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > windowMs) this.#marks.shift();
    const rate = this.perSecond(count, now);
    if (rate > 0) this.#smooth = this.#smooth === null ? rate : this.#smooth * 0.9 + rate * 0.1;
  }

  perSecond(count: number, now: number): number {
    const oldest = this.#marks[0];
    if (!oldest || now - oldest.at < stepMs) return 0;
    return ((count - oldest.count) / (now - oldest.at)) * 1000;
  }

  leftMs(left: number): number | null {
    return this.#smooth === null ? null : Math.round((left / this.#smooth) * 1000);
  }

  /** Bounds of the time left after `count` answers: the more there are, the nearer they stand. */
  leftRangeMs(left: number, count: number): MsRange | null {
    const likely = this.leftMs(left);
    if (likely === null) return null;
    const apart = spreadOf(count - (this.#first ?? 0));
    return { from: Math.round(likely / apart), to: Math.round(likely * apart) };
  }
}

/**
 * Error factor of an estimate from `count` samples: two standard errors of the mean, for a coefficient of variation of
 * `variation` (1: Poisson arrivals).
 */
export function spreadOf(count: number, variation = 1): number {
  const wide = 1 + (2 * variation) / Math.sqrt(Math.max(1, count));
  return Math.min(widest, Math.max(narrowest, wide));
}
