import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets some of the active connections end with their next answer, so that their clients open them anew and another worker gets
 * them. Of all that ask, each that is due goes: not the busiest ones, or the whole load would move.
 */
export function createShedding(server: Server): { shed(count: number, ofActive: number): void } {
  let left = 0;
  let share = 0;
  let due = 0;
  let seen = new WeakSet<Socket>();
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (left === 0 || seen.has(socket)) return;
    seen.add(socket);
    due += share;
    if (due < 1) return;
    due -= 1;
    left -= 1;
    response.shouldKeepAlive = false;
  });
  return {
    shed: (count, ofActive) => {
      left = count;
      share = count / Math.max(1, ofActive);
      due = 0.5;
      seen = new WeakSet();
    },
  };
}
