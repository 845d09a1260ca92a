import type { Socket } from 'node:net';
import { acceptAt, endWith } from '../../http/index.ts';
import type { Accepting, Probes } from '../../http/index.ts';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Totals } from '../messages.ts';
import type { Accepted, ConnectionQueue } from './connection-queue.ts';

type ConnectionsParts = {
  /** Queues of the workers that accept connections. */
  readonly takers: () => readonly ConnectionQueue[];
  /** Queues of all workers. */
  readonly lines: () => readonly ConnectionQueue[];
  readonly probes: Probes;
  /** Requests queued in the workers. */
  readonly queued: () => number;
  readonly limits: Pick<Totals, 'backlog' | 'maxWaitMs'>;
  readonly onRefused: (head: Buffer, why: Fault) => void;
};
type Protocol = Accepted['protocol'];

const nothing = new Uint8Array();
/** A silent connection is handed over after this time: the worker enforces the header timeout. */
const quietMs = 1_000;
/** Most connections that may wait while no worker is up. */
const mostWaiting = 10_000;
/** How often the queues of blocked workers are given to others. */
const moveMs = 25;

/**
 * Accepts connections and hands them to the workers round robin, skipping blocked ones. A connection stays here until its
 * first bytes arrive, because health probes are answered here: they must not wait behind a run.
 */
export function createConnections(parts: ConnectionsParts) {
  const { takers, lines, probes } = parts;
  const waiting: Accepted[] = [];
  const peeked = new Set<() => void>();
  let next = 0;
  let moving: NodeJS.Timeout | null = null;

  const handOver = (accepted: Accepted): void => {
    if (accepted.socket.destroyed) return;
    const able = takers();
    const free = able.filter(({ isHeldUp, isFull }) => !isHeldUp && !isFull);
    const from = free.length > 0 ? free : able;
    const line = from.find(({ isOwed }) => isOwed) ?? from[(next += 1) % from.length];
    if (line) {
      line.push(accepted);
      moving ??= setInterval(move, moveMs);
    } else if (waiting.length >= mostWaiting) accepted.socket.destroy();
    else waiting.push(accepted);
  };
  /** Gives the connections that a worker has no room for to another, or refuses their requests. */
  const trim = (): void => {
    for (const line of takers())
      if (line.room < 0) for (const accepted of line.takeBack(0 - line.room)) refuseOrHandOver(accepted);
  };
  /** Moves connections queued for a blocked worker to others that have room. */
  const move = (): void => {
    trim();
    for (const line of lines()) {
      if (!line.isHeldUp) continue;
      const room = takers().reduce((sum, other) => sum + (other.isHeldUp ? 0 : Math.max(0, other.room)), 0);
      for (const accepted of line.takeBack(Math.min(line.waiting, room))) handOver(accepted);
    }
    if (moving && lines().every(({ isEmpty }) => isEmpty)) {
      clearInterval(moving);
      moving = null;
    }
  };
  /** Admission control: refuses a request here if the backlog is full, since a blocked worker could not do so in time. */
  const tooBusy = (): Fault | null => {
    const waiting = lines().reduce((sum, line) => sum + line.waiting, parts.queued());
    const able = takers();
    const waitMs = able.length > 0 ? Math.min(...able.map(({ expectedWaitMs }) => expectedWaitMs)) : 0;
    const { backlog, maxWaitMs } = parts.limits;
    return hasNoRoom() || waiting >= backlog || waitMs > maxWaitMs ? fault('busy', { waiting }) : null;
  };
  /** A connection handed over would wait for a blocked worker, only to be refused by it. */
  const hasNoRoom = (): boolean => {
    const able = takers();
    return able.length > 0 && able.every((line) => line.isFull);
  };
  const refuse = (socket: Socket, head: Buffer, why: Fault): void => {
    endWith(socket, why);
    parts.onRefused(head, why);
  };
  const refuseOrHandOver = (accepted: Accepted): void => {
    const head = Buffer.from(accepted.head);
    const why = isPost(head) ? tooBusy() : null;
    if (!why || accepted.socket.destroyed) return handOver(accepted);
    startReading(accepted.socket);
    refuse(accepted.socket, head, why);
  };
  const peek = (socket: Socket): void => {
    const stop = (): void => {
      clearTimeout(clock);
      socket.off('data', onData);
      peeked.delete(pass);
    };
    const pass = (): void => {
      stop();
      stopReading(socket);
      handOver({ socket, protocol: 'http', head: nothing });
    };
    const onData = (head: Buffer): void => {
      stop();
      if (probes.take(socket, head)) return;
      // Only POST is refused: metrics and status must be readable under overload.
      const why = isPost(head) ? tooBusy() : null;
      if (why) return refuse(socket, head, why);
      stopReading(socket);
      handOver({ socket, protocol: 'http', head });
    };
    const clock = setTimeout(pass, quietMs);
    peeked.add(pass);
    socket.on('error', () => socket.destroy());
    socket.once('close', stop);
    socket.on('data', onData);
    socket.resume();
  };
  return {
    accept: (bind: string, protocol: Protocol): Promise<Outcome<Accepting>> =>
      acceptAt(bind, (socket) => {
        if (protocol === 'http') return peek(socket);
        socket.on('error', () => socket.destroy());
        handOver({ socket, protocol, head: nothing });
      }),
    handOver,
    /** Hands over waiting connections once another worker is up. */
    retry: (): void => {
      if (takers().length > 0) for (const accepted of waiting.splice(0)) handOver(accepted);
    },
    /** Hands over the connections whose first bytes have not arrived. */
    passAll: (): void => {
      for (const pass of peeked) pass();
    },
    close: (): void => {
      if (moving) clearInterval(moving);
      for (const { socket } of waiting.splice(0)) socket.destroy();
    },
  };
}

const isPost = (head: Buffer): boolean => head.toString('latin1', 0, 5) === 'POST ';

type Handle = { reading?: boolean; readStop(): number };

/**
 * Leaves further bytes in the kernel's buffer for the process that gets the handle. `pause()` alone is not enough: a paused
 * stream still fills its own buffer while the handle waits in the queue, and those bytes would be lost.
 */
function stopReading(socket: Socket): void {
  socket.pause();
  socket._read = readNothing;
  const { _handle: handle } = socket as unknown as { readonly _handle: Handle | null };
  if (!handle) return;
  handle.reading = false;
  handle.readStop();
}

const readNothing = (): void => undefined;

/** Undoes that, for a connection that stays in this process. */
function startReading(socket: Socket): void {
  Reflect.deleteProperty(socket, '_read');
  // The stream may take itself to be reading already.
  socket._read(0);
  socket.resume();
}
