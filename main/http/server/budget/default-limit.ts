import { memoryLimitBytes } from '../../../lib/capacity.ts';

/** A sixth of the memory there is: of a body there are copies on its way to a worker, and pictures grow when they are decoded. */
const shareOfAll = 1 / 6;
const mostBytes = 4 * 1024 ** 3;

/**
 * Bytes that the requests and answers of one server may hold, where nobody says otherwise. At least two of the largest
 * bodies fit: one that came packed needs twice its size for a moment.
 */
export function defaultRequestMemory(maxBodyBytes: number, memoryBytes = memoryLimitBytes()): number {
  return Math.max(2 * maxBodyBytes, Math.min(mostBytes, Math.floor(memoryBytes * shareOfAll)));
}
