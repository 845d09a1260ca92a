import type { MsRange } from '../../../contract/runs/run.ts';

const windowMs = 4_000;
const stepMs = 250;
/** Upper bound of the error factor: a wider range would say nothing. */
const widest = 3;
/** Lower bound of it: photo sizes vary, so that even many samples do not predict better. */
const narrowest = 1.15;
/** Items over which the time of one is averaged: more than are in flight, few enough to follow a computer that slows down. */
const timedItems = 50;
/** Items over which the share of cached ones is averaged: at least these, or this part of all; bursts of a camera are shorter. */
const mixedItems = 300;
const mixedShare = 1 / 8;

/**
 * Answers a second over the last few seconds, and the time left. Cached answers take next to no time, so they are timed by
 * themselves, and it is the mixture that is projected: a burst of duplicates says little about the rest.
 */
export class Rate {
  readonly #marks: { at: number; count: number }[] = [];
  #first: number | null = null;
  #lastAt = 0;
  #items = 0;
  #cachedShare = 0;
  readonly #computed = new Mean();
  readonly #cached = new Mean();

  add(count: number, now: number, isCached = false): void {
    if (this.#first === null) this.#first = count;
    else this.#time(now - this.#lastAt, isCached);
    this.#lastAt = now;
    const newest = this.#marks.at(-1);
    if (newest && now - newest.at < stepMs) return;
    this.#marks.push({ at: now, count });
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > windowMs) this.#marks.shift();
  }

  /** Results come in the order of the items: what was waited for is the item that ends the wait. */
  #time(ms: number, isCached: boolean): void {
    this.#items += 1;
    (isCached ? this.#cached : this.#computed).add(ms, timedItems);
    const memory = Math.min(this.#items, Math.max(mixedItems, this.#items * mixedShare));
    this.#cachedShare += ((isCached ? 1 : 0) - this.#cachedShare) / memory;
  }

  perSecond(count: number, now: number): number {
    const oldest = this.#marks[0];
    if (!oldest || now - oldest.at < stepMs) return 0;
    return ((count - oldest.count) / (now - oldest.at)) * 1000;
  }

  leftMs(left: number): number | null {
    if (this.#items === 0) return null;
    const itemMs = this.#cachedShare * this.#cached.value + (1 - this.#cachedShare) * this.#computed.value;
    return Math.round(left * itemMs);
  }

  /** Bounds of the time left after `count` answers: the more there are, the nearer they stand. */
  leftRangeMs(left: number, count: number): MsRange | null {
    const likely = this.leftMs(left);
    if (likely === null) return null;
    const apart = spreadOf(count - (this.#first ?? 0));
    return { from: Math.round(likely / apart), to: Math.round(likely * apart) };
  }
}

/** The mean of the first values, then one that forgets older ones. */
class Mean {
  #count = 0;
  value = 0;

  add(value: number, memory: number): void {
    this.#count += 1;
    this.value += (value - this.value) / Math.min(this.#count, memory);
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
