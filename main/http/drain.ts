import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

export type Drain = {
  /** Takes no new connection, says `Connection: close` with each answer from then on, and ends the rest when time is up. */
  end(graceMs: number): Promise<void>;
};

/** Longest that a kept connection may still bring a request, so that one which is on its way meets an answer. */
const lateMs = 300;
const sweepMs = 25;

export function createDrain(server: Server): Drain {
  let isEnding = false;
  const underWay = new Set<ServerResponse>();
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (isEnding) response.shouldKeepAlive = false;
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  return {
    end: (graceMs) =>
      new Promise((resolve) => {
        isEnding = true;
        for (const response of underWay) response.shouldKeepAlive = false;
        const begun = performance.now();
        const sweep = setInterval(() => {
          const ms = performance.now() - begun;
          if (ms >= graceMs) server.closeAllConnections();
          else if (ms >= Math.min(lateMs, graceMs / 10)) server.closeIdleConnections();
        }, sweepMs);
        // The server's own close would end idle connections at once, with what is on its way to them.
        NetServer.prototype.close.call(server, () => {
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}
