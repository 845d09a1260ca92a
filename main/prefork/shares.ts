import type { Share, Totals } from './messages.ts';

/** Divides the limits among worker processes; each can hold at least the largest body. */
export function shareOf({ backlog, requestMemoryBytes, maxBodyBytes }: Totals, processes: number): Share {
  return {
    maxQueued: Math.max(1, Math.floor(backlog / processes)),
    requestMemoryBytes: Math.max(maxBodyBytes, Math.floor(requestMemoryBytes / processes)),
    processes,
  };
}

/** Request memory to plan for a worker: twice the largest body, for a compressed one beside its unpacked form, or for a worker beside its replacement. */
export const requestBytesOf = (maxBodyBytes: number): number => 2 * maxBodyBytes;
