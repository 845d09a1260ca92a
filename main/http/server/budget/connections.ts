import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorText } from '../refusals/refuse.ts';
import { ByteBudget, Share } from './budget.ts';

/** Requests of one HTTP/1.1 connection that are under way at once. Their answers leave in order, so more would only wait. */
const mostUnderWay = 8;
/** Requests of one connection that wait for their turn; more are refused, and the connection ends. */
const mostWaiting = 1024;
/** What a request costs before its body: its headers, and the objects that Node makes of it. */
const bytesPerRequest = 4 * 1024;

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly share: Share;
};
type Connection = {
  underWay: number;
  readonly waiting: Exchange[];
  readonly open: Set<Share>;
  /** Its last answer was begun. */
  isEnding: boolean;
};

const shares = new WeakMap<IncomingMessage, Share>();
const unlimited = new ByteBudget(Infinity);

/** The share of the budget that a request has; one that came over no connection (`app.inject`) is not limited. */
export const shareOf = (request: IncomingMessage): Share => shares.get(request) ?? new Share(unlimited);

/**
 * Gives each request its share of the budget and its turn on its connection. Node would begin every request that a client
 * sent at once, a thousand in one packet; here a few are under way, and the others cost their headers until it is their turn.
 */
export function admitRequests(server: Server, budget: ByteBudget): void {
  const connections = new WeakMap<Socket, Connection>();
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');

  const connectionOf = (socket: Socket): Connection => {
    const known = connections.get(socket);
    if (known) return known;
    const connection: Connection = { underWay: 0, waiting: [], open: new Set(), isEnding: false };
    connections.set(socket, connection);
    // Responses that were not yet at the head of the line never say that they are closed.
    socket.once('close', () => {
      connection.waiting.length = 0;
      for (const share of connection.open) share.release();
      connection.open.clear();
    });
    return connection;
  };
  const begin = (connection: Connection, { request, response, share }: Exchange): void => {
    connection.underWay += 1;
    response.once('close', () => {
      connection.underWay -= 1;
      if (connection.open.delete(share)) share.release();
      const next = connection.waiting.shift();
      if (next) begin(connection, next);
    });
    for (const handler of handlers) handler.call(server, request, response as Parameters<RequestListener>[1]);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = connectionOf(request.socket);
    if (connection.isEnding) return;
    const share = new Share(budget);
    if (connection.waiting.length >= mostWaiting || !share.grow(bytesPerRequest)) {
      share.release();
      connection.isEnding = true;
      return refuseAtOnce(response, share);
    }
    shares.set(request, share);
    connection.open.add(share);
    const exchange = { request, response, share };
    if (connection.underWay < mostUnderWay) begin(connection, exchange);
    else connection.waiting.push(exchange);
  });
}

/** Before Fastify makes anything of the request, and the last answer of its connection. */
function refuseAtOnce(response: ServerResponse, share: Share): void {
  const text = errorText(share.fault());
  response.shouldKeepAlive = false;
  response.writeHead(503, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'retry-after': '1',
  });
  response.write(text);
  // Ending at once, with requests unread, would take the answer from the client.
  setTimeout(() => response.end(), lingerMs).unref();
}
const lingerMs = 500;
