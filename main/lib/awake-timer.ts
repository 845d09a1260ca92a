/** A step of a timer that ends this much too late was slept through: by the computer, or by a process that was stopped. */
const lateMs = 2_000;
const stepMs = 5_000;

export type AwakeTimer = { readonly clear: () => void };

/**
 * `setTimeout` for whoever waits for another process: the time in which neither of them could run does not count. On Linux timers stand
 * still in the sleep of the computer; on Windows and macOS all that ran out meanwhile would fire before an answer could be read.
 */
export function setAwakeTimeout(work: () => void, ms: number): AwakeTimer {
  let leftMs = ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const step = Math.min(leftMs, stepMs);
    const begun = performance.now();
    timer = setTimeout(() => {
      if (performance.now() - begun - step < lateMs) leftMs -= step;
      if (leftMs <= 0) work();
      else arm();
    }, step);
  };
  arm();
  return { clear: () => clearTimeout(timer) };
}

/**
 * Milliseconds of a monotonic clock less those that were slept through, by whoever asks at least every `gapMs`. That clock stands still in the
 * sleep of the computer on Linux alone, and Node has no other that does on Windows and macOS.
 */
export class AwakeClock {
  readonly #gapMs: number;
  #lastMs: number;
  #awakeMs = 0;

  constructor(nowMs: number, gapMs: number) {
    this.#lastMs = nowMs;
    this.#gapMs = gapMs;
  }

  /** Since the clock was made. */
  at(nowMs: number): number {
    const passedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (passedMs < this.#gapMs) this.#awakeMs += passedMs;
    return this.#awakeMs;
  }
}
