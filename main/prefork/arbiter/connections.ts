import type { Socket } from 'node:net';
import { acceptAt, endWith } from '../../http/index.ts';
import type { Accepting, Probes } from '../../http/index.ts';
import { fault } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import type { Totals } from '../messages.ts';
import type { Accepted, ConnectionQueue } from './connection-queue.ts';

export type ConnectionsParts = {
  /** Lines of the workers that may be given connections. */
  readonly takers: () => readonly ConnectionQueue[];
  /** Lines of all workers. */
  readonly lines: () => readonly ConnectionQueue[];
  readonly probes: Probes;
  /** Requests that wait in the workers. */
  readonly queued: () => number;
  readonly limits: Pick<Totals, 'backlog' | 'maxWaitMs'>;
  readonly onRefused: (head: Buffer, why: Fault) => void;
};
type Protocol = Accepted['protocol'];

const nothing = new Uint8Array();
/** A connection that brings nothing for so long is handed over all the same: its worker knows when it is too slow. */
const quietMs = 1_000;
/** Connections that wait for the first worker. */
const mostWaiting = 10_000;
/** How often connections that a worker leaves lying are given to another one. */
const moveMs = 25;

/**
 * Accepts connections and hands them out in turn, past workers that leave theirs lying. A connection stays here until its
 * first bytes are there: who only asks whether the server lives gets the answer here, so that no probe waits behind a model.
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
  /** Connections that wait for a worker inside a model go to one that is not. */
  const move = (): void => {
    if (takers().some(({ isHeldUp }) => !isHeldUp))
      for (const line of lines())
        if (line.isHeldUp) for (const accepted of line.takeBack()) handOver(accepted);
    if (moving && lines().every(({ isEmpty }) => isEmpty)) {
      clearInterval(moving);
      moving = null;
    }
  };
  /** A request is refused here where it would only wait: a worker inside a model cannot do it. */
  const tooBusy = (): Fault | null => {
    const waiting = lines().reduce((sum, line) => sum + line.waiting, parts.queued());
    const able = takers();
    const waitMs = able.length > 0 ? Math.min(...able.map(({ expectedWaitMs }) => expectedWaitMs)) : 0;
    const { backlog, maxWaitMs } = parts.limits;
    // It would wait for a worker that is inside a model, and then be refused by it.
    const isFull = able.length > 0 && able.every((line) => line.isFull);
    return isFull || waiting >= backlog || waitMs > maxWaitMs ? fault('busy', { waiting }) : null;
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
      // What asks how the server is has to have its answer just then.
      const why = head.toString('latin1', 0, 5) === 'POST ' ? tooBusy() : null;
      if (why) {
        endWith(socket, why);
        return parts.onRefused(head, why);
      }
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
    /** Another worker may be given connections. */
    retry: (): void => {
      if (takers().length > 0) for (const accepted of waiting.splice(0)) handOver(accepted);
    },
    /** Hands over what waits for its first bytes. */
    passAll: (): void => {
      for (const pass of peeked) pass();
    },
    close: (): void => {
      if (moving) clearInterval(moving);
      for (const { socket } of waiting.splice(0)) socket.destroy();
    },
  };
}

type Handle = { reading?: boolean; readStop(): number };

/**
 * What comes from now on stays with the system, for the process that gets the handle. A paused stream would still fill its
 * buffer, and it does so while the handle waits here until the one before has arrived: those bytes would be lost.
 */
function stopReading(socket: Socket): void {
  socket.pause();
  socket._read = () => undefined;
  const { _handle: handle } = socket as unknown as { readonly _handle: Handle | null };
  if (!handle) return;
  handle.reading = false;
  handle.readStop();
}
