const smoothing = 0.1;

/** What the items of one pool took and waited, in milliseconds. */
export class Waits {
  #itemMs = 0;
  #longestMs = 0;

  /** Moving mean of the time that a worker has one item. */
  get itemMs(): number {
    return this.#itemMs;
  }
  answered(queueMs: number, itemMs: number): void {
    this.#itemMs += (itemMs - this.#itemMs) * smoothing;
    this.note(queueMs);
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
