import type { PooledWorker } from './pooled-worker.ts';

/** The workers of one pool, counted and summed up. */
export class WorkerSet {
  readonly #workers = new Set<PooledWorker>();

  [Symbol.iterator](): Iterator<PooledWorker> {
    return this.#workers.values();
  }
  add(worker: PooledWorker): void {
    this.#workers.add(worker);
  }
  delete(worker: PooledWorker): void {
    this.#workers.delete(worker);
  }
  get all(): readonly PooledWorker[] {
    return [...this.#workers];
  }
  get size(): number {
    return this.#workers.size;
  }
  /** Workers that are not draining. */
  get staying(): readonly PooledWorker[] {
    return this.all.filter(({ isRetired }) => !isRetired);
  }
  get isAnyReady(): boolean {
    for (const { isReady } of this.#workers) if (isReady) return true;
    return false;
  }
  /** Whether any worker is ready or loading and not draining. */
  get isAnyStaying(): boolean {
    return this.all.some(({ isRetired }) => !isRetired);
  }
  get isAnyLeaving(): boolean {
    return this.all.some(({ isLeaving, isRetired }) => isLeaving || isRetired);
  }
  get leaving(): number {
    return this.all.filter(({ isLeaving }) => isLeaving).length;
  }
  get outstanding(): number {
    let sum = 0;
    for (const worker of this.#workers) sum += worker.outstanding;
    return sum;
  }
  get memoryBytes(): number {
    let sum = 0;
    for (const { rssBytes } of this.#workers) sum += rssBytes;
    return sum;
  }
  get pids(): readonly number[] {
    return this.all.flatMap(({ link }) => link.pid ?? []);
  }

  get first(): PooledWorker | undefined {
    for (const worker of this.#workers) return worker;
    return undefined;
  }
}
