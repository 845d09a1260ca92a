import type { Socket } from 'node:net';

/** A connection that was accepted here and is to be answered by a worker; `head` was read of it already. */
export type Accepted = {
  readonly socket: Socket;
  readonly protocol: 'http' | 'grpc';
  readonly head: Uint8Array;
};

/** A worker that has not taken a connection for so long, in milliseconds, is inside a model, stopped or dead. */
const heldUpMs = 50;

export type ConnectionQueue = {
  push(accepted: Accepted): void;
  /** The worker has the connection that it was sent, and will answer it or break it. */
  taken(): void;
  /** It is given one connection at a time and has left this one lying. */
  readonly isHeldUp: boolean;
  readonly isEmpty: boolean;
  /** What was not sent yet, for another worker. */
  takeBack(): readonly Accepted[];
  /** The worker is gone: what it never took, the one that was sent among it. */
  takeAll(): readonly Accepted[];
  /** Calls at once or as soon as every connection was taken, or taken back. */
  whenEmpty(call: () => void): void;
};

/**
 * Connections on their way to one worker. Each stays open in this process until the worker says that it has it: a handle
 * that lies in the channel of a process that is killed is closed by the system, and its client would lose a request of which
 * nobody had read a byte.
 */
export function createConnectionQueue(send: (accepted: Accepted) => void): ConnectionQueue {
  const queue: Accepted[] = [];
  let sent: Accepted | null = null;
  let sentAtMs = 0;
  let onEmpty: (() => void) | null = null;

  const next = (): void => {
    if (sent) return;
    sent = queue.shift() ?? null;
    if (sent) {
      sentAtMs = performance.now();
      send(sent);
    } else {
      onEmpty?.();
      onEmpty = null;
    }
  };
  return {
    push: (accepted) => {
      queue.push(accepted);
      next();
    },
    taken: () => {
      // Closes this process' handle of it; the connection is the worker's.
      sent?.socket.destroy();
      sent = null;
      next();
    },
    get isHeldUp() {
      return sent !== null && performance.now() - sentAtMs > heldUpMs;
    },
    get isEmpty() {
      return sent === null;
    },
    takeBack: () => queue.splice(0),
    takeAll: () => {
      const all = sent ? [sent, ...queue] : [...queue];
      sent = null;
      queue.length = 0;
      next();
      return all;
    },
    whenEmpty: (call) => {
      onEmpty = call;
      next();
    },
  };
}
