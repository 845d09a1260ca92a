import type { ToWorker } from '../../../contract/wire.ts';
import { setAwakeTimeout } from '../../lib/awake-timer.ts';
import type { AwakeTimer } from '../../lib/awake-timer.ts';
import type { Blob } from '../../lib/frames.ts';
import type { LocalLinkParts } from '../local-runner.ts';
import type { LinkOutcome, LinkEnd, Reply, WorkerLink } from './worker-link.ts';

type Pending = { readonly settle: (answer: LinkOutcome) => void; readonly timeoutMs: number | undefined };

/** The number of the one model that a runner holds. */
const onlyModel = 0;

/** A link to a runner in this process: nothing of a request is copied, and a crash of the model is a crash of this process. */
export function startLocalLink({ openRunner, onLate }: LocalLinkParts, model: string): WorkerLink {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let end: LinkEnd | null = null;
  let clock: AwakeTimer | null = null;
  let clockOf: number | null = null;
  let onEnded: (end: LinkEnd) => void = () => {};
  const ended = new Promise<LinkEnd>((resolve) => (onEnded = resolve));

  const finish = (reason: string): void => {
    if (end) return;
    end = { reason, cause: 'ordered' };
    clock?.clear();
    runner.handle({ message: { kind: 'unload', model: onlyModel }, blobs: [] });
    for (const { settle } of pending.values()) settle({ kind: 'lost', reason, wasOrdered: true });
    pending.clear();
    onEnded(end);
  };
  const runner = openRunner(
    (message, blobs = []) => {
      if (!('id' in message)) return;
      settleWith(message, blobs);
    },
    () => finish('it was drained'),
    model,
  );
  const settleWith = (reply: Reply, blobs: readonly Uint8Array[]): void => {
    const entry = pending.get(reply.id);
    if (!entry) return;
    pending.delete(reply.id);
    if (clockOf === reply.id) armTimer();
    entry.settle({ kind: 'replied', reply, blobs });
  };
  /** One timer, for the oldest request with a timeout: those behind it have not begun. */
  const armTimer = (): void => {
    clock?.clear();
    clock = clockOf = null;
    for (const [id, { timeoutMs }] of pending) {
      if (timeoutMs === undefined) continue;
      clockOf = id;
      clock = setAwakeTimeout(() => expire(id), timeoutMs);
      return;
    }
  };
  const expire = (id: number): void => {
    const entry = pending.get(id);
    pending.delete(id);
    clockOf = null;
    entry?.settle({ kind: 'late' });
    armTimer();
    onLate(model);
  };

  return {
    pid: process.pid,
    // The memory of this process is reported elsewhere: do not count it per link.
    share: 0,
    ended,
    kill: finish,
    run: (tensors) => (end ? null : runner.run(tensors)),
    ask: (question, { blobs = [], timeoutMs, onId, client }) => {
      if (end) return Promise.resolve({ kind: 'lost', reason: end.reason, wasOrdered: true });
      const id = ++lastId;
      onId?.(id);
      return new Promise((settle) => {
        pending.set(id, { settle, timeoutMs });
        if (timeoutMs !== undefined && clock === null) armTimer();
        runner.handle({ message: { ...question, id } as ToWorker, blobs: blobs.map(whole) }, client);
      });
    },
    send: (message) => {
      if (!end) runner.handle({ message, blobs: [] });
    },
  };
}

const whole = (blob: Blob): Uint8Array => (blob instanceof Uint8Array ? blob : Buffer.concat(blob));
