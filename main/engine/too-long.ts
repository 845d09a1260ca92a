import { fault } from '../../contract/faults/faults.ts';
import type { Fault } from '../../contract/faults/faults.ts';

/** Why there is no answer to what took longer than its timeout, in milliseconds; `file` names it. */
export const tooLong = (file: string, timeoutMs: number): Fault =>
  fault('worker-timeout', { file, seconds: Math.round(timeoutMs / 100) / 10 });

/** What faults call tensors that were sent for a model (`id@version`). */
export const tensorsFor = (ref: string): string => `tensors for ${ref}`;
