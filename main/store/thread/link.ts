import { Worker } from 'node:worker_threads';
import type { StoreState } from '../../../contract/serving/status.ts';
import { messageOf } from '../../lib/error-text.ts';
import type { FromThread, GatheredChange, ThreadStart, ToThread } from './messages.ts';

export type Reply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };
/** The caller's end of a thread. */
export type ThreadLink = {
  change(change: GatheredChange): void;
  ask(call: GatheredChange): Promise<Reply>;
  /** Resolves after the thread has sent its last message and exited. */
  readonly ended: Promise<void>;
};
type ThreadEvents = {
  readonly onState: (state: StoreState, inMemory: boolean) => void;
  /** Called when a thread ends unasked, which means a bug in it. */
  readonly onLost: (reason: string) => void;
};

/** Of three semi-spaces. What a thread does for one message is small; the usual 48 MiB are filled before they are looked through. */
const youngMb = 12;

export function linkThread(file: string, start: ThreadStart, events: ThreadEvents): ThreadLink {
  const worker = new Worker(file, {
    workerData: start,
    name: `store ${start.role}`,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  let lost: string | null = null;
  let isClosing = false;
  let nextSeq = 1;

  const lose = (reason: string): void => {
    if (lost !== null) return;
    lost = reason;
    for (const settle of waiting.values()) settle({ ok: false, reason });
    waiting.clear();
    if (!isClosing) events.onLost(reason);
  };
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      lose(`the thread of the store ended (${code})`);
      resolve();
    });
  });
  worker.on('error', (error) => lose(messageOf(error)));
  worker.on('message', (message: FromThread) => {
    if (message.kind !== 'reply') return events.onState(message.state, message.inMemory);
    waiting.get(message.seq)?.(message);
    waiting.delete(message.seq);
  });

  const post = (message: ToThread): void => worker.postMessage(message);
  return {
    ended,
    change: (change) => post({ kind: 'change', ...change }),
    ask: (call) =>
      new Promise<Reply>((resolve) => {
        if (lost !== null) return resolve({ ok: false, reason: lost });
        if (call.name === 'close') isClosing = true;
        const seq = nextSeq++;
        waiting.set(seq, resolve);
        post({ kind: 'ask', seq, ...call });
      }),
  };
}
