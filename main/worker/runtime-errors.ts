import { getSystemErrorName } from 'node:util';
import { failed, type Outcome } from '../../contract/faults/faults.ts';
import { detail, reason, type Reason } from '../../contract/faults/reasons.ts';
import { messageOf } from '../lib/error-text.ts';

// The runtime gives one class of error for everything: what its words blame is all that tells the two apart.
const blamesInput =
  /invalid (?:rank|dimensions)|unexpected input|dimension|broadcast|bounds|out of range|shape|must be/iu;
const blamesMachine = /allocat|out of memory|device|driver/iu;
// Loading needs memory, files and threads of the system; all of them may be there again a moment later.
const blamesSystem =
  /allocat|out of memory|too many open files|resource temporarily unavailable|paging file is too small/iu;
const noReason = 'no reason was given';
const scarcities = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS']);

/** Whether loading failed for want of something that the computer had too little of, not for what the model is. */
export function isSystemsFault(error: unknown): boolean {
  const text = messageOf(error);
  return blamesSystem.test(text) || scarcities.has(systemErrorIn(text) ?? '');
}

/** `EMFILE` for "system error number 24". */
function systemErrorIn(text: string): string | null {
  const number = /system error number (\d+)/u.exec(text)?.[1];
  if (number === undefined || process.platform === 'win32') return null;
  try {
    return getSystemErrorName(-Number(number));
  } catch {
    return null;
  }
}

/** Values that do not go together are the asker's. All else, memory and operators, is between the model and its values: never a fault of Outpost. */
export function runFault(error: unknown, firstInput: string): Outcome<never> {
  const text = messageOf(error);
  if (blamesMachine.test(text) || !blamesInput.test(runtimeReason(error))) return runStopped(error);
  return failed('input-invalid', {
    name: /for input: (\S+)/u.exec(text)?.[1] ?? firstInput,
    reason: runtimeWhy(error, ''),
  });
}

/** The runtime gave up a run for which nobody's values are known to be wrong. */
export const runStopped = (error: unknown): Outcome<never> =>
  failed('model-stopped', { reason: runtimeWhy(error) });

/** The same as data: the system's scarcity by its code, all else in the runtime's own words. `end`: of a sentence, which is left out. */
export function runtimeWhy(error: unknown, end: RegExp | '' = /\.+$/u): Reason {
  const code = systemErrorIn(messageOf(error));
  const text = runtimeReason(error).replace(end, '');
  if (code !== null && text.endsWith(code)) return reason('system-gave', { code });
  return text === noReason ? reason('no-reason') : detail(text);
}

/** What ONNX Runtime said, without where in its own source it happened. */
export function runtimeReason(error: unknown): string {
  const line = messageOf(error).replace(/\s*\n\s*/gu, ' ');
  const reason = line
    .replace(/^.*?(?:failed:|Exception:|Exception during initialization:|Status Message:)\s*/u, '')
    // `file:line signature condition was false. words`, or `file:line signature words`.
    .replace(/^\S+\.(?:cc|h):\d+ .*? was false\.?\s*/u, '')
    .replace(/^\S*\/onnxruntime\/\S+:\d+ .*?\)(?:::<lambda\(\)>)? (?=\S)/u, '')
    .trim();
  const name = systemErrorIn(reason);
  if (name) return `the system gave ${name}`;
  return (reason || line.trim()).slice(0, 600) || noReason;
}
