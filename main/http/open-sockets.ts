import type { Socket } from 'node:net';

type OpenSockets = {
  hold(socket: Socket): void;
  /** Connections that opened or brought bytes lately, or wait for an answer. */
  countActive(): number;
  /** Resolves once none is open. */
  emptied(): Promise<void>;
};
type Held = { bytesRead: number; isActive: boolean };
/** Node's server keeps the response of the request under way on its connection, until its last byte is handed over. */
type WithResponse = Socket & { readonly _httpMessage?: object | null };

/** Each connection is looked at once in this time, not with every request. */
const lookMs = 2_000;

export function createOpenSockets(): OpenSockets {
  const sockets = new Map<Socket, Held>();
  let active = 0;
  let lookedAtMs = performance.now();
  let onEmpty = (): void => undefined;
  const look = (): void => {
    if (performance.now() - lookedAtMs < lookMs) return;
    lookedAtMs = performance.now();
    active = 0;
    for (const [socket, held] of sockets) {
      const { bytesRead } = socket;
      held.isActive = bytesRead !== held.bytesRead || isWaiting(socket);
      held.bytesRead = bytesRead;
      if (held.isActive) active += 1;
    }
  };
  return {
    hold: (socket) => {
      const held = { bytesRead: -1, isActive: true };
      sockets.set(socket, held);
      active += 1;
      socket.once('close', () => {
        sockets.delete(socket);
        if (held.isActive) active -= 1;
        if (sockets.size === 0) onEmpty();
      });
    },
    countActive: () => {
      look();
      return active;
    },
    emptied: () =>
      new Promise((resolve) => {
        if (sockets.size === 0) resolve();
        else onEmpty = resolve;
      }),
  };
}

/** A client whose answer takes long brings nothing meanwhile, and yet asks. */
const isWaiting = (socket: WithResponse): boolean => Boolean(socket._httpMessage);
