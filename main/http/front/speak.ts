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
import type { ToEngine, ToFront } from './words.ts';

export type SpeakParts = { readonly serving: Serving; readonly metrics: Metrics; readonly socket: Socket };
export type Spoken = {
  hear(frame: Frame<ToEngine>): void;
  say(message: ToFront): void;
  served(served: Served): void;
  /** The front is gone: what it asked is given up. */
  gone(): void;
};
const servedMs = 50;

/** The engine's side of the wire to one front. */
export function speakToFront({ serving, metrics, socket }: SpeakParts): Spoken {
  const write = frameWriter(socket);
  const say = (message: ToFront, blobs?: readonly Uint8Array[]): void => void write(message, blobs);
  const underWay = new Map<number, AbortController>();
  let told: Served[] = [];
  let timer: NodeJS.Timeout | null = null;

  const give = (id: number, why: Fault): void => say({ kind: 'failed', id, fault: why });
  const find = (ref: string): Outcome<ServedVersion> => {
    const [id = '', version] = ref.split('@', 2);
    return serving.find(version === undefined ? { id } : { id, version });
  };
  /** One question with its end, and what the front may take back meanwhile. */
  const answer = async <T>(
    id: number,
    work: (signal: AbortSignal) => Promise<Outcome<T>>,
    tell: (value: T) => void,
  ): Promise<void> => {
    const abort = new AbortController();
    underWay.set(id, abort);
    try {
      const outcome = await work(abort.signal);
      if (outcome.ok) tell(outcome.value);
      else give(id, outcome.fault);
    } catch (error) {
      give(id, fault('internal', { reason: detail(messageOf(error)) }));
    } finally {
      underWay.delete(id);
    }
  };

  const hear = ({ message, blobs }: Frame<ToEngine>): void => {
    switch (message.kind) {
      case 'infer': {
        const { id, how } = message;
        const tensors = message.tensors.map(({ blob, ...tensor }) => ({ ...tensor, data: blobs[blob]! }));
        const work = async (signal: AbortSignal) => {
          const served = find(message.ref);
          return served.ok ? serving.infer({ ...how, served: served.value, tensors, signal }) : served;
        };
        void answer(id, work, ({ tensors: given, ...times }) =>
          say(
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
        void answer(id, work, (record) => say({ kind: 'record', id, record }));
        break;
      }
      case 'labels': {
        const { id, ref } = message;
        const served = find(ref);
        if (!served.ok) return give(id, served.fault);
        void answer(
          id,
          async () => ok(await serving.labels(served.value)),
          (labels) => say({ kind: 'labels', id, labels }),
        );
        break;
      }
      case 'load': {
        const { id, ref } = message;
        const served = find(ref);
        if (!served.ok) return give(id, served.fault);
        void answer(
          id,
          () => serving.load(served.value),
          () => say({ kind: 'done', id }),
        );
        break;
      }
      case 'unload':
        void answer(
          message.id,
          () => serving.unload(message.model),
          () => say({ kind: 'done', id: message.id }),
        );
        break;
      case 'refused': {
        const served = find(message.ref);
        if (served.ok) serving.refused(served.value, message.door, message.fault);
        break;
      }
      case 'metrics':
        void answer(
          message.id,
          async () => ok(await metrics.text(message.caller)),
          ({ type, text }) => say({ kind: 'metrics', id: message.id, type, text }),
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
    hear,
    say,
    served: (served) => {
      told.push(served);
      timer ??= setTimeout(() => {
        timer = null;
        say({ kind: 'served', served: told });
        told = [];
      }, servedMs);
    },
    gone: () => {
      if (timer) clearTimeout(timer);
      for (const abort of underWay.values()) abort.abort();
    },
  };
}
