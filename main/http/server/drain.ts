import type { ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { acceptWhatCame } from './address/accept-what-came.ts';

/** Calls back when no connection of it is open any more. */
type Closable = { close(onClosed: () => void): unknown };
type Drain = {
  readonly isEnding: boolean;
  /** Takes no new connection, nor do those beside it, says `Connection: close` with each answer from then on, and ends the rest when time is up. */
  end(graceMs: number, beside?: readonly Closable[]): Promise<void>;
};

const leastLateMs = 300;
const mostLateMs = 2_000;
/**
 * How long a kept connection may still bring a request, so that one which is on its way meets an answer: the longer, the
 * more time there is in all. A client on a busy machine may be this late to see that its connection was closed.
 */
export const lateMsOf = (graceMs: number): number =>
  Math.min(graceMs / 10, Math.max(leastLateMs, Math.min(graceMs / 100, mostLateMs)));
const sweepMs = 25;

/** What is under way is not listed: a set that every request enters and leaves makes each collection of garbage ten times as long. */
export function createDrain(app: FastifyInstance): Drain {
  const { server } = app;
  let isEnding = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (isEnding) response.shouldKeepAlive = false;
  });
  app.addHook('onSend', (...[, reply, , done]) => {
    if (isEnding) reply.raw.shouldKeepAlive = false;
    done();
  });
  return {
    get isEnding() {
      return isEnding;
    },
    end: async (graceMs, beside = []) => {
      isEnding = true;
      await acceptWhatCame();
      const begun = performance.now();
      const dueMs = lateMsOf(graceMs);
      const closeDue = (): void => {
        const ms = performance.now() - begun;
        if (ms >= graceMs) server.closeAllConnections();
        else if (ms >= dueMs) server.closeIdleConnections();
      };
      // Behind what the system has for this process: a timer comes first after a hold-up, and would take a connection for
      // idle whose request lies there unread.
      const sweep = setInterval(() => setImmediate(closeDue), sweepMs);
      // The server's own close would end idle connections at once, with what is on its way to them.
      const own: Closable = { close: (onClosed) => NetServer.prototype.close.call(server, () => onClosed()) };
      const closed = [own, ...beside].map(
        (each) => new Promise<void>((resolve) => void each.close(() => resolve())),
      );
      await Promise.all(closed);
      clearInterval(sweep);
    },
  };
}
