import { Worker } from 'node:worker_threads';
import type { StoreState } from '../../contract/status.ts';
import { messageOf } from '../lib/error-text.ts';
import type { FromThread, SentenceName, Sentences, ThreadStart, ToThread, Write } from './language.ts';

export type Reply<N extends SentenceName> =
  | { readonly ok: true; readonly value: Sentences[N]['out'] }
  | { readonly ok: false; readonly reason: string };
/** The door's end of a thread. */
export type ThreadLink = {
  write(write: Write): void;
  ask<N extends SentenceName>(name: N, input: Sentences[N]['in']): Promise<Reply<N>>;
  /** After the thread has said its last word and is gone. */
  readonly ended: Promise<void>;
};
export type ThreadEvents = {
  readonly onState: (state: StoreState, inMemory: boolean) => void;
  /** A thread that stops unasked has met a bug in itself. */
  readonly onLost: (reason: string) => void;
};

type Waiting = (reply: { ok: true; value: unknown } | { ok: false; reason: string }) => void;

export function linkThread(file: string, start: ThreadStart, events: ThreadEvents): ThreadLink {
  const worker = new Worker(file, { workerData: start, name: `store ${start.role}` });
  const waiting = new Map<number, Waiting>();
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
  worker.on('message', (sentence: FromThread) => {
    if (sentence.kind !== 'reply') return events.onState(sentence.state, sentence.inMemory);
    waiting.get(sentence.seq)?.(sentence);
    waiting.delete(sentence.seq);
  });

  const post = (sentence: ToThread): void => worker.postMessage(sentence);
  return {
    ended,
    write: (write) => post({ kind: 'write', write }),
    ask: <N extends SentenceName>(name: N, input: Sentences[N]['in']) =>
      new Promise<Reply<N>>((resolve) => {
        if (lost !== null) return resolve({ ok: false, reason: lost });
        if (name === 'close') isClosing = true;
        const seq = nextSeq++;
        waiting.set(seq, resolve as Waiting);
        post({ kind: 'ask', seq, name, input } as ToThread);
      }),
  };
}
