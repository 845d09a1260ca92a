import type { Socket } from 'node:net';
import { acceptAt } from '../../http/index.ts';
import type { Accepting, Probes } from '../../http/index.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { WorkerProcess } from './worker-process.ts';

export type ConnectionsParts = {
  readonly takers: () => readonly WorkerProcess[];
  readonly probes: Probes;
};
type Protocol = 'http' | 'grpc';
type Accepted = { readonly socket: Socket; readonly protocol: Protocol; readonly head: Uint8Array };

const nothing = new Uint8Array();
/** A connection that brings nothing for so long is handed over all the same: its worker knows when it is too slow. */
const quietMs = 1_000;
/** Connections that wait for the first worker. */
const mostWaiting = 10_000;

/**
 * Accepts connections and hands them out in turn. A connection stays here until its first bytes are there: who only asks
 * whether the server lives gets the answer here, so that no probe waits behind a model.
 */
export function createConnections({ takers, probes }: ConnectionsParts) {
  const waiting: Accepted[] = [];
  const peeked = new Set<() => void>();
  let next = 0;

  const handOver = (accepted: Accepted): void => {
    const { socket, protocol, head } = accepted;
    if (socket.destroyed) return;
    const able = takers();
    for (let tried = 0; tried < able.length; tried += 1) {
      next = (next + 1) % able.length;
      if (able[next]!.take(socket, { protocol, head })) return;
    }
    if (waiting.length >= mostWaiting) socket.destroy();
    else waiting.push(accepted);
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
    /** Another worker may be given connections. */
    retry: (): void => {
      if (takers().length > 0) for (const accepted of waiting.splice(0)) handOver(accepted);
    },
    /** Hands over what waits for its first bytes. */
    passAll: (): void => {
      for (const pass of peeked) pass();
    },
    close: (): void => {
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
