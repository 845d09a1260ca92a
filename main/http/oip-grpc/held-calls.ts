import { constants } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { Share } from '../server/index.ts';
import type { ByteBudget } from '../server/index.ts';
import { costOfInfer, smallMessageBytes } from './message-cost.ts';

type Measured = { readonly wireBytes: number; readonly cost: Outcome<number> };
type Held = { readonly share: Share; readonly bytes: number };

const measures = new WeakMap<object, Measured>();
const heldMessages = new WeakMap<object, Held>();
const departures = new WeakMap<object, () => void>();

/** Of a call without tensors: its texts, and what is made of them. */
const costOfSmall = (bytes: Uint8Array): Outcome<number> =>
  bytes.byteLength <= smallMessageBytes
    ? ok(4 * bytes.byteLength)
    : failed('request-malformed', {
        what: 'The message',
        reason: `it has more than ${smallMessageBytes} bytes`,
      });

/** Looks at each message before it is read, and reads none that would become more objects than there is memory for. */
export function measured(
  service: ServiceDefinition<UntypedServiceImplementation>,
): ServiceDefinition<UntypedServiceImplementation> {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const costOf = name.endsWith('Infer') ? costOfInfer : costOfSmall;
      const requestDeserialize = (bytes: Buffer): object => {
        const cost = costOf(bytes);
        const message = method.requestDeserialize(cost.ok ? bytes : Buffer.alloc(0)) as object;
        measures.set(message, { wireBytes: bytes.byteLength, cost });
        return message;
      };
      return [name, { ...method, requestDeserialize }];
    }),
  );
}

/** The message is in use until the returned function is called, whether or not its client is still there. */
export function holdMessage(message: object): () => void {
  const held = heldMessages.get(message);
  if (!held) return () => {};
  heldMessages.delete(message);
  held.share.retain();
  return () => {
    held.share.shrink(held.bytes);
    held.share.release();
  };
}

/** A stream response was flushed. */
export function answerLeft(answer: object): void {
  departures.get(answer)?.();
  departures.delete(answer);
}

/** Minimum read rate of a client in bytes per millisecond: a megabit per second. */
const slowest = 128;

type HeldCall = {
  /** A fault: the message is not to be answered. */
  take(message: object): Fault | null;
  /** A fault: the answer does not fit any more. */
  answer(message: object): Fault | null;
  /** Its status is on the way; what else comes is dropped. False when it was so already. */
  end(): boolean;
};

/**
 * The share of one call in the memory for requests: bytes as they come, messages until they are answered, answers until the
 * call is over. grpc-js tells its interceptors of messages alone; the HTTP/2 stream below them is there, though not in its
 * types. A client that takes longer than `longestMs` to send a message, or to take an answer beyond the time that its size
 * needs, is cut off.
 */
export function holdCall(
  call: object,
  { budget, longestMs }: { readonly budget: ByteBudget; readonly longestMs: number },
  refuse: (why: Fault) => void,
): HeldCall {
  const { stream } = call as { readonly stream: ServerHttp2Stream };
  const share = new Share(budget);
  const timers = new Set<NodeJS.Timeout>();
  let partial = 0;
  let arriving: NodeJS.Timeout | undefined;
  let isOver = false;
  stream.once('close', () => {
    clearTimeout(arriving);
    for (const timer of timers) clearTimeout(timer);
    share.release();
  });
  const isLate = (): void => {
    // While reading is paused (back-pressure), the delay is the server's, not the client's.
    if (stream.isPaused()) arriving = setTimeout(isLate, longestMs).unref();
    else refuse(fault('request-too-slow', { seconds: longestMs / 1000 }));
  };
  stream.on('data', ({ byteLength }: Buffer) => {
    if (isOver || stream.writableEnded) return;
    if (!share.grow(byteLength)) return refuse(share.fault());
    partial += byteLength;
    arriving ??= setTimeout(isLate, longestMs).unref();
  });
  return {
    take: (message) => {
      clearTimeout(arriving);
      arriving = undefined;
      const { wireBytes, cost } = measures.get(message) ?? { wireBytes: 0, cost: ok(0) };
      // Packed messages are larger than what came, and each has a head of five bytes.
      const came = Math.min(partial, wireBytes + 5);
      partial -= came;
      share.shrink(came);
      if (!cost.ok) return cost.fault;
      if (!share.grow(cost.value)) return share.fault();
      heldMessages.set(message, { share, bytes: cost.value });
      return null;
    },
    answer: (message) => {
      const bytes = answerBytes(message);
      if (!share.grow(bytes)) return share.fault();
      const timer = setTimeout(
        () => stream.close(constants.NGHTTP2_CANCEL),
        longestMs + bytes / slowest,
      ).unref();
      timers.add(timer);
      departures.set(message, () => {
        clearTimeout(timer);
        timers.delete(timer);
        share.shrink(bytes);
      });
      return null;
    },
    end: () => {
      const isFirst = !isOver;
      isOver = true;
      clearTimeout(arriving);
      return isFirst;
    },
  };
}

type Answered = {
  readonly infer_response?: Answered;
  readonly raw_output_contents?: readonly Uint8Array[];
  readonly outputs?: readonly { readonly contents?: Readonly<Record<string, unknown>> }[];
};

/** Of tensors alone: the rest is small. */
function answerBytes(message: object): number {
  const { infer_response: inner, raw_output_contents: raw = [], outputs = [] } = message as Answered;
  if (inner) return answerBytes(inner);
  let bytes = raw.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (const { contents = {} } of outputs)
    for (const values of Object.values(contents)) bytes += Array.isArray(values) ? 8 * values.length : 0;
  return bytes;
}
