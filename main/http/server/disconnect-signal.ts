import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { isUnanswered } from './budget/index.ts';

/** A few for each request under way; more are a leak, and Node says so. */
const mostListeners = 64;
const signals = new WeakMap<Socket, AbortSignal>();
const sockets = new WeakMap<AbortSignal, Socket>();

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
  sockets.set(disconnect.signal, socket);
  return disconnect.signal;
}

/**
 * The file descriptor of the connection of such a signal, while one request of it is under way and nothing of its answer was sent:
 * what is written there is the answer to that one. Null otherwise, and where there are no descriptors, as on Windows.
 */
export function freeDescriptorOf(signal: AbortSignal): number | null {
  const socket = sockets.get(signal);
  if (!socket || !isUnanswered(socket)) return null;
  const { fd } = (socket as { _handle?: { readonly fd?: number } | null })._handle ?? {};
  return fd !== undefined && fd > 0 ? fd : null;
}
