import type { Socket } from 'node:net';

/** A connection that was accepted here and is to be answered by a worker; `head` was read of it already. */
export type Accepted = {
  readonly socket: Socket;
  readonly protocol: 'http' | 'grpc';
  readonly head: Uint8Array;
};

/** A worker that has not taken a connection for so long, in milliseconds, is inside a model, stopped or dead. */
const heldUpMs = 50;
const smoothing = 0.1;
/** Clients whose connections were closed for the sake of a new worker come back within this time, or not at all. */
const owedMs = 10_000;
/** A worker that was full stays so for this long, as far as is known here. */
const fullMs = 60;

export type ConnectionQueue = {
  push(accepted: Accepted): void;
  /** So many of the next connections are meant for this worker, ahead of its turn; for a while. */
  owe(connections: number): void;
  readonly isOwed: boolean;
  /** As many requests wait in the worker as may. */
  noteFull(): void;
  readonly isFull: boolean;
  /** The worker has the connection that it was sent, and will answer it or break it. */
  taken(): void;
  /** It is given one connection at a time and has left this one lying. */
  readonly isHeldUp: boolean;
  readonly isEmpty: boolean;
  /** Connections that it is to be sent. */
  readonly waiting: number;
  /** How long one more would wait, by how long the last ones took. */
  readonly expectedWaitMs: number;
  /** How long what it was sent has lain there. */
  readonly waitMs: number;
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
  let takingMs = 0;
  let owed = 0;
  let owedUntilMs = 0;
  let fullUntilMs = 0;

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
      owed -= 1;
      queue.push(accepted);
      next();
    },
    owe: (connections) => {
      owed = connections;
      owedUntilMs = performance.now() + owedMs;
    },
    noteFull: () => {
      fullUntilMs = performance.now() + fullMs;
    },
    get isFull() {
      return performance.now() < fullUntilMs;
    },
    get isOwed() {
      return owed > 0 && performance.now() < owedUntilMs;
    },
    taken: () => {
      // Closes this process' handle of it; the connection is the worker's.
      sent?.socket.destroy();
      if (sent) takingMs += (performance.now() - sentAtMs - takingMs) * smoothing;
      sent = null;
      next();
    },
    get isHeldUp() {
      return sent !== null && performance.now() - sentAtMs > heldUpMs;
    },
    get isEmpty() {
      return sent === null;
    },
    get waiting() {
      return queue.length;
    },
    get expectedWaitMs() {
      return queue.length * takingMs;
    },
    get waitMs() {
      return sent === null ? 0 : performance.now() - sentAtMs;
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
