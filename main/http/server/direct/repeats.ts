import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { InferResult } from '../../../serving/index.ts';
import type { Exchange } from '../budget/index.ts';
import { followConnection } from './follow-connection.ts';
import type { Followed } from './follow-connection.ts';
import type { Asked, RepeatParts } from './types.ts';

export type Repeats = {
  /** A request that may be answered at once came off Node's server. */
  noteBegun(request: IncomingMessage): void;
  /** It was answered. */
  noteAnswered(exchange: Exchange, asked: Asked): void;
  /** What the model gave for the request that Node's server begins now, where it ran before that. */
  takeResult(socket: Socket): InferResult | null;
};

/**
 * Programs send the same head with every request of a connection, but for its content length. Once Node's server has read one, those
 * that follow are known by their bytes, and neither parsed nor given objects of their own.
 */
export function createRepeats(parts: RepeatParts): Repeats {
  const all = new WeakMap<Socket, Followed>();
  return {
    noteBegun: (request) => all.get(request.socket)?.noteBegun(request),
    takeResult: (socket) => all.get(socket)?.takeResult() ?? null,
    noteAnswered: ({ request, response, connection }, asked) => {
      const { socket } = asked;
      const known = all.get(socket);
      if (known) return known.noteAnswered(request, asked);
      if (!response.shouldKeepAlive || request.httpVersion !== '1.1') return;
      // Node's server may not lose its hold on the connection while it is in its parser.
      response.once('close', () => {
        const followed = followConnection(socket, connection, parts);
        if (followed) all.set(socket, followed);
      });
    },
  };
}
