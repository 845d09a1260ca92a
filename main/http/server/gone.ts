import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';

/** A few for each request under way; more are a leak, and Node says so. */
const mostListeners = 64;
const signals = new WeakMap<Socket, AbortSignal>();

/**
 * Fires when the asker hangs up. One for each connection: a signal for each request costs more than reading a small one.
 * Several requests of a connection are under way at once, and each takes its listeners away when it is done.
 */
export function goneSignal(socket: Socket): AbortSignal {
  const known = signals.get(socket);
  if (known) return known;
  const gone = new AbortController();
  if (socket.destroyed) gone.abort();
  else socket.once('close', () => gone.abort());
  setMaxListeners(mostListeners, gone.signal);
  signals.set(socket, gone.signal);
  return gone.signal;
}
