import type { Share, Totals } from './messages.ts';

/** The part of one of so many worker processes in what holds for all of them together. The largest body fits into each. */
export function shareOf({ backlog, requestMemoryBytes, maxBodyBytes }: Totals, processes: number): Share {
  return {
    maxQueued: Math.max(1, Math.floor(backlog / processes)),
    requestMemoryBytes: Math.max(maxBodyBytes, Math.floor(requestMemoryBytes / processes)),
  };
}

/** Memory that requests of one worker want: twice the largest body, which one that comes packed needs, and a worker with its successor. */
export const requestBytesOf = (maxBodyBytes: number): number => 2 * maxBodyBytes;
