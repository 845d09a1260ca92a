import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Shedding = {
  /** Whether this connection's next request decides if it goes. */
  isDue(socket: Socket): boolean;
  shed(count: number, ofActive: number): void;
};

/**
 * Lets some of the active connections end with their next answer, so that their clients open them anew and another worker gets
 * them. Of all that ask, each that is due goes: not the busiest ones, or the whole load would move.
 */
export function createShedding(server: Server): Shedding {
  let left = 0;
  let share = 0;
  let due = 0;
  let seen = new WeakSet<Socket>();
  const isDue = (socket: Socket): boolean => left > 0 && !seen.has(socket);
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (!isDue(socket)) return;
    seen.add(socket);
    due += share;
    if (due < 1) return;
    due -= 1;
    left -= 1;
    response.shouldKeepAlive = false;
  });
  return {
    isDue,
    shed: (count, ofActive) => {
      left = count;
      share = count / Math.max(1, ofActive);
      due = 0.5;
      seen = new WeakSet();
    },
  };
}
