const windowMs = 4_000;
const stepMs = 250;

/** Answers a second over the last few seconds, and the time left by a smoothed rate. */
export class Rate {
  readonly #marks: { at: number; count: number }[] = [];
  #smooth: number | null = null;

  add(count: number, now: number): void {
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
}
