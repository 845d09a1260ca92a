import { parentPort } from 'node:worker_threads';
import { messageOf, stackOf } from '../lib/error-text.ts';
import { heldBytes, movable, perform } from './text-work.ts';
import type { WorkInput, WorkName } from './text-work.ts';

/* A thread that reads and writes large texts: a piece of work comes, its result goes back, moved and not copied. */
type Asked = { readonly name: WorkName; readonly input: WorkInput<WorkName> };
export type Answered =
  | { readonly ok: true; readonly output: unknown; readonly bytes: number }
  | { readonly ok: false; readonly why: { kind: 'memory' } | { kind: 'bug'; text: string } };

parentPort?.on('message', ({ name, input }: Asked) => {
  try {
    const output = perform(name, input);
    const answered: Answered = { ok: true, output, bytes: heldBytes(output) };
    parentPort?.postMessage(answered, [...movable(output)]);
  } catch (error) {
    const answered: Answered = { ok: false, why: whyOf(error) };
    parentPort?.postMessage(answered);
  }
});

/** Messages of V8 for an allocation that is beyond the memory or the longest string. */
const memoryErrors = /allocation failed|invalid (?:array|typed array|string) length|string longer than/iu;

function whyOf(error: unknown): { kind: 'memory' } | { kind: 'bug'; text: string } {
  return memoryErrors.test(messageOf(error)) ? { kind: 'memory' } : { kind: 'bug', text: stackOf(error) };
}
