const smoothing = 0.1;
const slowRise = 0.02;

/** What the items of one pool took and waited, in milliseconds. */
export class Waits {
  #itemMs = 0;
  #longestMs = 0;
  #quickestRunMs = Infinity;

  /** Moving mean of the time that a worker has one item. */
  get itemMs(): number {
    return this.#itemMs;
  }
  answered(queueMs: number, itemMs: number): void {
    this.#itemMs += (itemMs - this.#itemMs) * smoothing;
    this.note(queueMs);
  }
  /** What a run of the model takes when nothing is in its way: falls at once, and rises slowly. */
  get quickestRunMs(): number {
    return this.#quickestRunMs;
  }
  ran(ms: number): void {
    const rise = ms - this.#quickestRunMs;
    this.#quickestRunMs = rise > 0 ? this.#quickestRunMs + rise * slowRise : ms;
  }
  note(queueMs: number): void {
    if (queueMs > this.#longestMs) this.#longestMs = queueMs;
  }
  /** The longest wait since the last time this was asked. */
  takeLongest(): number {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }
}
