import type { MsRange } from '../../../contract/runs/run.ts';

const windowMs = 4_000;
const stepMs = 250;
/** Upper bound of the error factor: a wider range would say nothing. */
const widest = 3;
/** Lower bound of it: photo sizes vary, so that even many samples do not predict better. */
const narrowest = 1.15;
/** Items over which the time of one is averaged: more than are in flight, few enough to follow a computer that slows down. */
const timedItems = 50;
/** Of a time that is far off the mean as much counts as this many of it, or this long: one item that hangs says little about the others. */
const mostMeans = 10;
const mostMs = 50;
/** From so many on. */
const knownItems = 5;
/** Items over which the share of quick ones is averaged: at least these, or this part of all. */
const mixedItems = 300;
const mixedShare = 1 / 8;

/**
 * Answers a second over the last few seconds, and the time left. What is quick (cached answers, and faults) takes next to no time, so it
 * is timed by itself, and it is the mixture that is projected: a burst of duplicates says little about the rest.
 */
export class Rate {
  readonly #marks: { at: number; count: number }[] = [];
  #first: number | null = null;
  #lastAt = 0;
  #items = 0;
  #quickShare = 0;
  readonly #computed = new Mean();
  readonly #quick = new Mean();

  /** Work comes after nothing was under way: what was waited until now is no item's time. */
  begin(now: number): void {
    this.#lastAt = now;
  }

  add(count: number, now: number, isQuick = false): void {
    if (this.#first === null) this.#first = count;
    else this.#time(now - this.#lastAt, isQuick);
    this.#lastAt = now;
    const newest = this.#marks.at(-1);
    if (newest && now - newest.at < stepMs) return;
    this.#marks.push({ at: now, count });
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > windowMs) this.#marks.shift();
  }

  /** Results come in the order of the items: what was waited for is the item that ends the wait. */
  #time(ms: number, isQuick: boolean): void {
    this.#items += 1;
    (isQuick ? this.#quick : this.#computed).add(ms, timedItems);
    const memory = Math.min(this.#items, Math.max(mixedItems, this.#items * mixedShare));
    this.#quickShare += ((isQuick ? 1 : 0) - this.#quickShare) / memory;
  }

  perSecond(count: number, now: number): number {
    const oldest = this.#marks[0];
    if (!oldest || now - oldest.at < stepMs) return 0;
    return ((count - oldest.count) / (now - oldest.at)) * 1000;
  }

  leftMs(left: number): number | null {
    if (this.#items === 0) return null;
    const itemMs = this.#quickShare * this.#quick.value + (1 - this.#quickShare) * this.#computed.value;
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

/**
 * The mean of the first values, then one that forgets older ones. The very first holds what comes once, as the load of the model, and counts
 * until there is another.
 */
class Mean {
  #count = 0;
  value = 0;

  add(value: number, memory: number): void {
    this.#count += 1;
    const bounded =
      this.#count > knownItems ? Math.min(value, Math.max(mostMeans * this.value, mostMs)) : value;
    this.value += (bounded - this.value) / Math.min(Math.max(1, this.#count - 1), memory);
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
