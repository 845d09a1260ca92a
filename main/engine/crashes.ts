/** How often the workers of one pool ended by themselves, and when the next may start: Fibonacci steps between tries. */
export class Crashes {
  readonly #backoffMs: number;
  #inARow = 0;
  #total = 0;
  #startNotBefore = 0;

  constructor(backoffMs: number) {
    this.#backoffMs = backoffMs;
  }

  get inARow(): number {
    return this.#inARow;
  }
  get total(): number {
    return this.#total;
  }
  get waitMs(): number {
    return this.#startNotBefore - performance.now();
  }
  add(): void {
    this.#inARow += 1;
    this.#total += 1;
  }
  holdBack(): void {
    this.#startNotBefore = performance.now() + fibonacci(this.#inARow) * this.#backoffMs;
  }
  /** A worker answered: whatever came before is forgiven. */
  forgive(): void {
    this.#inARow = 0;
    this.#startNotBefore = 0;
  }
}

function fibonacci(step: number): number {
  let [one, next] = [1, 1];
  for (let at = 1; at < step; at += 1) [one, next] = [next, one + next];
  return one;
}
