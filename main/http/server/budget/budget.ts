import { fault } from '../../../../contract/faults/faults.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';

/**
 * The memory that one server gives to its clients: bytes received, unpacked, queued and waiting to be read by whoever
 * asked. What would go beyond is refused at once, so that many clients together cannot use up the memory of the machine.
 */
export class ByteBudget {
  /** Lowered below what is held, nothing more is taken until enough was given back. */
  limitBytes: number;
  #heldBytes = 0;
  #refused = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }
  /** Number of refusals. */
  get refused(): number {
    return this.#refused;
  }

  /** False, and nothing is taken, where it does not fit. */
  take(bytes: number): boolean {
    if (this.#heldBytes + bytes > this.limitBytes) {
      this.#refused += 1;
      return false;
    }
    this.#heldBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** The fault: does not fit now, or (`neededBytes` above the whole budget) never will. */
  fault(neededBytes = 0): Fault {
    const code = neededBytes > this.limitBytes ? 'request-memory-exceeded' : 'request-memory-full';
    return fault(code, { limit: Math.floor(this.limitBytes / mebibyte) });
  }
}
const mebibyte = 1024 ** 2;

/**
 * Reference-counted share of one request, released when its creator and every `retain` have called `release`: a worker
 * may still read the body after the client disconnected.
 */
export class Share {
  readonly #budget: ByteBudget;
  #bytes = 0;
  #users = 1;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False, and nothing is taken, where it does not fit. Nothing is counted any more once all of it was given back. */
  grow(bytes: number): boolean {
    if (this.#users === 0) return true;
    if (!this.#budget.take(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  shrink(bytes: number): void {
    if (this.#users === 0) return;
    this.#bytes -= bytes;
    this.#budget.give(bytes);
  }

  retain(): void {
    if (this.#users > 0) this.#users += 1;
  }

  release(): void {
    if (this.#users === 0) return;
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#budget.give(this.#bytes);
    this.#bytes = 0;
  }

  /** Why that many more bytes do not fit. */
  fault(bytes = 0): Fault {
    return this.#budget.fault(this.#bytes + bytes);
  }
}
