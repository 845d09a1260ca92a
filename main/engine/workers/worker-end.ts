import { detail, reason } from '../../../contract/faults/reasons.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';

/** How a worker's process ended, from its exit code or signal; what the process wrote last may follow. */
export function workerEnd(text: string): Reason {
  const signal = /^signal (\S+)$/u.exec(text)?.[1];
  if (signal !== undefined) return reason('ended-by-signal', { signal });
  const code = /^exit code (-?\d+)$/u.exec(text)?.[1];
  return code === undefined ? detail(text) : reason('ended-with-code', { code });
}

export const notStarted = (text: string): Reason => reason('worker-not-started', { detail: workerEnd(text) });
