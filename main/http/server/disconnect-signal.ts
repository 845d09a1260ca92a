import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';

/** A few for each request under way; more are a leak, and Node says so. */
const mostListeners = 64;
const signals = new WeakMap<Socket, AbortSignal>();

/**
 * Aborts when the client disconnects. One for each connection: a signal for each request costs more than reading a small
 * one. Several requests of a connection are under way at once, and each removes its listeners when it is done.
 */
export function disconnectSignal(socket: Socket): AbortSignal {
  const known = signals.get(socket);
  if (known) return known;
  const disconnect = new AbortController();
  if (socket.destroyed) disconnect.abort();
  else socket.once('close', () => disconnect.abort());
  setMaxListeners(mostListeners, disconnect.signal);
  signals.set(socket, disconnect.signal);
  return disconnect.signal;
}
