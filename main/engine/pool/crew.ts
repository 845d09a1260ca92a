import type { Job } from './job.ts';
import type { Seat } from './seat.ts';

/** The seats of one pool, counted and chosen from. */
export class Crew {
  readonly #seats = new Set<Seat>();

  add(seat: Seat): void {
    this.#seats.add(seat);
  }
  delete(seat: Seat): void {
    this.#seats.delete(seat);
  }
  get all(): readonly Seat[] {
    return [...this.#seats];
  }
  get size(): number {
    return this.#seats.size;
  }
  /** Those that are not on their way out. */
  get staying(): readonly Seat[] {
    return this.all.filter(({ isRetired }) => !isRetired);
  }
  get isAnyReady(): boolean {
    for (const { isReady } of this.#seats) if (isReady) return true;
    return false;
  }
  /** Ready or loading, and not on its way out. */
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
    for (const seat of this.#seats) sum += seat.outstanding;
    return sum;
  }
  get memoryBytes(): number {
    let sum = 0;
    for (const { rssBytes } of this.#seats) sum += rssBytes;
    return sum;
  }
  get pids(): readonly number[] {
    return this.all.flatMap(({ link }) => link.pid ?? []);
  }

  /** Least outstanding first; a job that was on a crashed worker gets one for itself. */
  freest(job: Job, depth: number): Seat | null {
    let best: Seat | null = null;
    for (const seat of this.#seats) {
      if (!seat.isReady || seat.isAlone || seat.outstanding >= (job.crashes > 0 ? 1 : depth)) continue;
      if (!best || seat.outstanding < best.outstanding) best = seat;
    }
    return best;
  }
}
