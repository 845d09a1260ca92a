import type { Socket } from 'node:net';
import type { Room } from '../messages.ts';

/** A connection to hand over to a worker; `head`: bytes already read from it. */
export type Accepted = {
  readonly socket: Socket;
  readonly protocol: 'http' | 'grpc';
  readonly head: Uint8Array;
};

/** A worker that does not acknowledge a connection for this long is blocked by a run, stopped or dead. */
const heldUpMs = 50;
const smoothing = 0.1;
/** How long a new worker has priority for clients that reconnect after their connections were closed for its sake. */
const owedMs = 10_000;

export type ConnectionQueue = {
  push(accepted: Accepted): void;
  /** Gives this worker priority for the next connections, out of turn and for a limited time. */
  owe(connections: number): void;
  readonly isOwed: boolean;
  /** The worker reported its room. It does so again and again, unless a run blocks its event loop: then nothing becomes free. */
  noteRoom(room: Room): void;
  /** No room for another connection, counting those on their way to the worker. */
  readonly isFull: boolean;
  /** For how many more connections the worker has room; below 0: it has none for so many of those not sent yet. */
  readonly room: number;
  /** The worker acknowledged the connection: from here on only it may respond. */
  taken(): void;
  /** The connection sent last has not been acknowledged in time. */
  readonly isHeldUp: boolean;
  readonly isEmpty: boolean;
  /** Number of connections not sent yet. */
  readonly waiting: number;
  /** Estimated wait of another connection, from how long the last ones took. */
  readonly expectedWaitMs: number;
  /** Time since the unacknowledged connection was sent. */
  readonly waitMs: number;
  /** Removes the last connections not sent yet, all by default. */
  takeBack(connections?: number): readonly Accepted[];
  /** After the worker's end: removes all connections that it never acknowledged, the sent one included. */
  takeAll(): readonly Accepted[];
  /** Calls back as soon as every connection was acknowledged or removed. */
  whenEmpty(call: () => void): void;
};

/**
 * Connections on their way to one worker, sent one at a time. This process keeps its own handle until the worker acknowledges:
 * if the worker is killed with the handle still in the IPC channel, the system closes that copy, and without this one the
 * client would lose a request that nobody had read.
 */
export function createConnectionQueue(send: (accepted: Accepted) => void): ConnectionQueue {
  const queue: Accepted[] = [];
  let sent: Accepted | null = null;
  let sentAtMs = 0;
  let onEmpty: (() => void) | null = null;
  let takingMs = 0;
  let owed = 0;
  let owedUntilMs = 0;
  let room: Room = Infinity;

  /** What was sent cannot be taken back. */
  const roomLeft = (): number => Math.max(0 - queue.length, room - queue.length - (sent ? 1 : 0));
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
    noteRoom: (next) => {
      room = next;
    },
    get isFull() {
      return roomLeft() <= 0;
    },
    get room() {
      return roomLeft();
    },
    get isOwed() {
      return owed > 0 && performance.now() < owedUntilMs;
    },
    taken: () => {
      // Closes only this process's handle; the worker has its own.
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
    takeBack: (connections = queue.length) => queue.splice(queue.length - connections),
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
