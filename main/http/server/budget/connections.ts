import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorText } from '../refusals/refuse.ts';
import { ByteBudget, Share } from './budget.ts';

/** Requests of one HTTP/1.1 connection that are under way at once. Their answers leave in order, so more would only wait. */
const mostUnderWay = 8;
/** Requests of one connection that wait for their turn; more are refused, and the connection ends. */
const mostWaiting = 1024;
/** What a request costs before its body: its headers, and the objects that Node makes of it. */
export const bytesPerRequest = 4 * 1024;

export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly share: Share;
  readonly connection: ConnectionUse;
  /** Called once the response is closed: a second listener of it would cost more. */
  onClosed: (() => void) | null;
  isReleased: boolean;
};
/** False, and nothing was done, where a request is for the listeners of the server. Calls `pass` where that shows later. */
export type TakeExchange = (exchange: Exchange, pass: (exchange: Exchange) => void) => boolean;
/** What is under way on a connection. */
export type ConnectionUse = { readonly underWay: number; readonly isEnding: boolean };
type Connection = {
  underWay: number;
  readonly waiting: Exchange[];
  /** Those that were begun while another one of the connection was under way. */
  readonly behind: Set<Exchange>;
  /** Its last answer was begun. */
  isEnding: boolean;
  /** Of the request that was begun last. */
  latest: ServerResponse | null;
};

const connections = new WeakMap<Socket, Connection>();
const shares = new WeakMap<IncomingMessage, Share>();
const unlimited = new ByteBudget(Infinity);

/** The share of the budget that a request has; one that came over no connection (`app.inject`) is not limited. */
export const shareOf = (request: IncomingMessage): Share => shares.get(request) ?? new Share(unlimited);

/** Whether one request of the connection is under way and nothing of its answer was sent: what is written there is its answer. */
export function isUnanswered(socket: Socket): boolean {
  const connection = connections.get(socket);
  if (!connection || connection.isEnding || socket.destroyed) return false;
  return connection.underWay === 1 && connection.latest?.headersSent === false && socket.writableLength === 0;
}

/**
 * Gives each request its share of the budget and its turn on its connection. Node would begin every request that a client
 * sent at once, a thousand in one packet; here a few are under way, and the others cost their headers until it is their turn.
 * `take` has it first.
 */
export function admitRequests(server: Server, budget: ByteBudget, take: TakeExchange = () => false): void {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');

  const connectionOf = (socket: Socket): Connection => {
    const known = connections.get(socket);
    if (known) return known;
    const connection: Connection = {
      underWay: 0,
      waiting: [],
      behind: new Set(),
      isEnding: false,
      latest: null,
    };
    connections.set(socket, connection);
    // Responses that were not yet at the head of the line never say that they are closed.
    socket.once('close', () => {
      for (const exchange of [...connection.waiting.splice(0), ...connection.behind]) release(exchange);
      connection.behind.clear();
    });
    return connection;
  };
  const pass = ({ request, response, share }: Exchange): void => {
    shares.set(request, share);
    for (const handler of handlers) handler.call(server, request, response as Parameters<RequestListener>[1]);
  };
  const begin = (connection: Connection, exchange: Exchange): void => {
    const { response } = exchange;
    connection.underWay += 1;
    connection.latest = response;
    if (response.socket === null) connection.behind.add(exchange);
    response.on('close', () => {
      connection.underWay -= 1;
      if (connection.behind.size > 0) connection.behind.delete(exchange);
      release(exchange);
      exchange.onClosed?.();
      const next = connection.waiting.shift();
      if (next) begin(connection, next);
    });
    if (!take(exchange, pass)) pass(exchange);
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
    const exchange: Exchange = { request, response, share, connection, onClosed: null, isReleased: false };
    if (connection.underWay < mostUnderWay) begin(connection, exchange);
    else connection.waiting.push(exchange);
  });
}

/** By the first of those who see its end. */
function release(exchange: Exchange): void {
  if (exchange.isReleased) return;
  exchange.isReleased = true;
  exchange.share.release();
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
