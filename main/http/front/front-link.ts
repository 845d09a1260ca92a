import type { Socket } from 'node:net';
import { fault, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { detail } from '../../../contract/reasons.ts';
import type { Served, ServedVersion } from '../../../contract/serving.ts';
import { messageOf } from '../../lib/error-text.ts';
import type { Serving } from '../../serving/index.ts';
import { frameWriter } from '../../lib/frames.ts';
import type { Frame } from '../../lib/frames.ts';
import type { Metrics } from '../metrics/index.ts';
import type { ToEngine, ToFront } from './messages.ts';

export type FrontLinkParts = {
  readonly serving: Serving;
  readonly metrics: Metrics;
  readonly socket: Socket;
};
export type FrontLink = {
  handleMessage(frame: Frame<ToEngine>): void;
  send(message: ToFront): void;
  served(served: Served): void;
  /** The front disconnected: aborts what it asked. */
  abortAll(): void;
};
const servedMs = 50;

/** The engine's side of the connection to one front. */
export function connectToFront({ serving, metrics, socket }: FrontLinkParts): FrontLink {
  const write = frameWriter(socket);
  const send = (message: ToFront, blobs?: readonly Uint8Array[]): void => void write(message, blobs);
  const underWay = new Map<number, AbortController>();
  let unsent: Served[] = [];
  let timer: NodeJS.Timeout | null = null;

  const fail = (id: number, why: Fault): void => send({ kind: 'failed', id, fault: why });
  const find = (ref: string): Outcome<ServedVersion> => {
    const [id = '', version] = ref.split('@', 2);
    return serving.find(version === undefined ? { id } : { id, version });
  };
  /** Runs one request and replies once; a `cancel` message aborts it meanwhile. */
  const answer = async <T>(
    id: number,
    work: (signal: AbortSignal) => Promise<Outcome<T>>,
    reply: (value: T) => void,
  ): Promise<void> => {
    const abort = new AbortController();
    underWay.set(id, abort);
    try {
      const outcome = await work(abort.signal);
      if (outcome.ok) reply(outcome.value);
      else fail(id, outcome.fault);
    } catch (error) {
      fail(id, fault('internal', { reason: detail(messageOf(error)) }));
    } finally {
      underWay.delete(id);
    }
  };

  const handleMessage = ({ message, blobs }: Frame<ToEngine>): void => {
    switch (message.kind) {
      case 'infer': {
        const { id, how } = message;
        const tensors = message.tensors.map(({ blob, ...tensor }) => ({ ...tensor, data: blobs[blob]! }));
        const work = async (signal: AbortSignal) => {
          const served = find(message.ref);
          return served.ok ? serving.infer({ ...how, served: served.value, tensors, signal }) : served;
        };
        void answer(id, work, ({ tensors: given, ...times }) =>
          send(
            {
              kind: 'inferred',
              id,
              times,
              tensors: given.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })),
            },
            given.map(({ data }) => data),
          ),
        );
        break;
      }
      case 'picture': {
        const { id, how } = message;
        const work = async (signal: AbortSignal) => {
          const served = find(message.ref);
          return served.ok
            ? serving.picture({ ...how, served: served.value, bytes: blobs[0]!, signal })
            : served;
        };
        void answer(id, work, (record) => send({ kind: 'record', id, record }));
        break;
      }
      case 'labels': {
        const { id, ref } = message;
        const served = find(ref);
        if (!served.ok) return fail(id, served.fault);
        void answer(
          id,
          async () => ok(await serving.labels(served.value)),
          (labels) => send({ kind: 'labels', id, labels }),
        );
        break;
      }
      case 'load': {
        const { id, ref } = message;
        const served = find(ref);
        if (!served.ok) return fail(id, served.fault);
        void answer(
          id,
          () => serving.load(served.value),
          () => send({ kind: 'done', id }),
        );
        break;
      }
      case 'unload':
        void answer(
          message.id,
          () => serving.unload(message.model),
          () => send({ kind: 'done', id: message.id }),
        );
        break;
      case 'refused': {
        const served = find(message.ref);
        if (served.ok) serving.refused(served.value, message.client, message.fault);
        break;
      }
      case 'metrics':
        void answer(
          message.id,
          async () => ok(await metrics.text(message.caller)),
          ({ type, text }) => send({ kind: 'metrics', id: message.id, type, text }),
        );
        break;
      case 'cancel':
        underWay.get(message.target)?.abort();
        break;
      case 'resize':
        serving.resize(message.by);
        break;
      case 'access':
        for (const entry of message.entries) metrics.countHttp(entry);
        break;
      default:
    }
  };
  return {
    handleMessage,
    send,
    served: (served) => {
      unsent.push(served);
      timer ??= setTimeout(() => {
        timer = null;
        send({ kind: 'served', served: unsent });
        unsent = [];
      }, servedMs);
    },
    abortAll: () => {
      if (timer) clearTimeout(timer);
      for (const abort of underWay.values()) abort.abort();
    },
  };
}
