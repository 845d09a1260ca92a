import type { Socket } from 'node:net';
import { failed, fault, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { clientReason } from '../../../contract/reasons.ts';
import type { Served, ServedVersion } from '../../../contract/serving.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import type { WireTensor } from '../../../contract/wire.ts';
import { findServed } from '../../../contract/find-served.ts';
import type { Serving } from '../../serving/index.ts';
import { frameWriter, readFrames } from '../../lib/frames.ts';
import type { Frame } from '../../lib/frames.ts';
import type { AccessEntry } from '../server/context.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Known, ToEngine, ToFront } from './messages.ts';

type Answer = Extract<ToFront, { id: number }>;
type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;
type Reply = { readonly message: Answer; readonly blobs: readonly Uint8Array[] };

export type RemoteEngine = {
  readonly serving: Serving;
  readonly metrics: Metrics;
  /** Messages that reply to no request. */
  onMessage(listener: (message: ToFront) => void): void;
  send(message: ToEngine): void;
};

const accessMs = 250;

/** The engine of another process behind the interface of the local one, so that no protocol knows the difference. */
export function connectToEngine(socket: Socket): RemoteEngine {
  const send = frameWriter(socket);
  const waiting = new Map<number, (reply: Reply) => void>();
  const listeners = new Set<(served: Served) => void>();
  const messageListeners = new Set<(message: ToFront) => void>();
  let known: Known | null = null;
  let lastId = 0;
  let entries: AccessEntry[] = [];
  let timer: NodeJS.Timeout | null = null;

  const ask = (
    question: WithoutId<ToEngine>,
    { blobs, signal }: { blobs?: readonly Uint8Array[]; signal?: AbortSignal | undefined } = {},
  ): Promise<Reply> =>
    new Promise((resolve) => {
      const id = ++lastId;
      const cancel = (): void => void send({ kind: 'cancel', target: id });
      waiting.set(id, (reply) => {
        signal?.removeEventListener('abort', cancel);
        resolve(reply);
      });
      signal?.addEventListener('abort', cancel, { once: true });
      send({ ...question, id }, blobs);
    });
  readFrames<ToFront>(socket, ({ message, blobs }: Frame<ToFront>) => {
    if ('id' in message) {
      const settle = waiting.get(message.id);
      waiting.delete(message.id);
      settle?.({ message, blobs });
    } else if (message.kind === 'served')
      for (const served of message.served) for (const listener of listeners) listener(served);
    else {
      if (message.kind === 'known' || message.kind === 'listen') known = message.known;
      for (const listener of messageListeners) listener(message);
    }
  });
  socket.on('close', () => {
    for (const [id, settle] of waiting)
      settle({ message: { kind: 'failed', id, fault: fault('shutting-down') }, blobs: [] });
    waiting.clear();
  });

  const sendEntries = (): void => {
    timer = null;
    send({ kind: 'access', entries: entries.splice(0) });
  };
  const done = async (question: WithoutId<ToEngine>): Promise<Outcome<void>> => {
    const { message } = await ask(question);
    return message.kind === 'failed' ? { ok: false, fault: message.fault } : ok(undefined);
  };
  const odd = ({ kind }: Answer): Outcome<never> =>
    failed('internal', { reason: clientReason(`the engine's process answered ${kind}`) });

  return {
    send,
    onMessage: (listener) => void messageListeners.add(listener),
    serving: {
      catalogue: () => known?.catalogue ?? [],
      find: (wanted) => findServed(known?.catalogue ?? [], wanted),
      infer: async ({ served, tensors, signal, ...how }) => {
        const question = { kind: 'infer', ref: refOf(served), how, tensors: tensors.map(wireOf) } as const;
        const { message, blobs } = await ask(question, { blobs: tensors.map(({ data }) => data), signal });
        if (message.kind === 'failed') return { ok: false, fault: message.fault };
        return message.kind === 'inferred'
          ? ok({ ...message.times, tensors: message.tensors.map((tensor) => bytesOf(tensor, blobs)) })
          : odd(message);
      },
      picture: async ({ served, bytes, signal, ...how }) => {
        const question = { kind: 'picture', ref: refOf(served), how } as const;
        const { message } = await ask(question, { blobs: [bytes], signal });
        if (message.kind === 'failed') return { ok: false, fault: message.fault };
        return message.kind === 'record' ? ok(message.record) : odd(message);
      },
      refused: (served, client, why) => send({ kind: 'refused', ref: served.ref, client, fault: why }),
      labels: async (served) => {
        const { message } = await ask({ kind: 'labels', ref: served.ref });
        return message.kind === 'labels' ? message.labels : [];
      },
      load: (served) => done({ kind: 'load', ref: served.ref }),
      unload: (model) => done({ kind: 'unload', model }),
      isReady: () => known?.isReady ?? false,
      unready: () => known?.unready ?? [],
      status: () => known?.status ?? nothing,
      resize: (by) => send({ kind: 'resize', by }),
      batching: (id) => known?.batching[id] ?? {},
      onServed: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    metrics: {
      countHttp: (entry) => {
        entries.push(entry);
        timer ??= setTimeout(sendEntries, accessMs);
      },
      text: async (caller) => {
        const { message } = await ask({ kind: 'metrics', caller });
        return message.kind === 'metrics' ? message : { type: 'text/plain', text: '' };
      },
      close: () => undefined,
    },
  };
}

const nothing = {
  workers: 0,
  minWorkers: 0,
  maxWorkers: 0,
  restarts: 0,
  queued: 0,
  running: 0,
  oldestWaitMs: 0,
  memoryBytes: 0,
} as const;

/** The default version is asked for by its model's id, so that the engine may send some to one on watch. */
const refOf = ({ id, ref, isDefault }: ServedVersion): string => (isDefault ? id : ref);
const wireOf = ({ name, type, dims }: TensorBytes, blob: number): WireTensor => ({ name, type, dims, blob });
const bytesOf = ({ blob, ...tensor }: WireTensor, blobs: readonly Uint8Array[]): TensorBytes => ({
  ...tensor,
  data: blobs[blob] ?? new Uint8Array(),
});
