import dns from 'node:dns/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import type { Bind } from '../types.ts';
import { listenAtSocketFile, whyNoPlace, type Listening } from './socket-file.ts';

/** `host:port`, `[::1]:port` or `unix:FILE` taken apart; null when it is none. */
export function readBind(bind: Bind): { host: string; port: number } | { path: string } | null {
  if (bind.startsWith('unix:')) return bind.length > 5 ? { path: bind.slice(5) } : null;
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:/\s]+)):(\d{1,5})$/iu.exec(bind);
  const port = Number(match?.[3]);
  return match && port <= 65_535 ? { host: match[1] ?? match[2]!, port } : null;
}

export type { Listening } from './socket-file.ts';

/** Faults: `address-in-use`, `address-unusable`, `bind-file-taken`. */
export async function listenAt(app: FastifyInstance, bind: Bind): Promise<Outcome<Listening>> {
  const at = readBind(bind);
  if (!at) return failed('address-unusable', { address: bind, reason: reason('no-host-port') });
  try {
    if ('path' in at)
      return await listenAtSocketFile(at.path, async (draft) => ok(await app.listen({ path: draft })));
    const [host = at.host, ...others] = await hostsOf(at.host);
    await app.listen({ host, port: at.port, backlog });
    const { address, port, family } = app.server.address() as AddressInfo;
    return ok({
      address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
      release: async () => undefined,
      beside: await listenBeside(app, others, port),
    });
  } catch (error) {
    return notListening(bind, error as NodeJS.ErrnoException);
  }
}

export const backlog = 2048;

/** `localhost` may be an address of IPv4 and one of IPv6, and clients try either. */
export async function hostsOf(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [host];
  const found = await dns.lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

/**
 * Hands connections to these addresses to the server, so that its budget, its limits and its end hold for them: Fastify
 * would open servers of its own, which know of none. An address that cannot be had is left out, as one is there.
 */
async function listenBeside(
  app: FastifyInstance,
  hosts: readonly string[],
  port: number,
): Promise<readonly Server[]> {
  const open = (host: string): Promise<Server | null> =>
    new Promise((resolve) => {
      // The options of a server for HTTP.
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        app.server.emit('connection', socket);
      });
      server.once('error', () => resolve(null));
      server.listen({ host, port, backlog }, () => resolve(server));
    });
  const opened = await Promise.all(hosts.map(open));
  return opened.filter((server) => server !== null);
}

/** Why nothing listens there. */
export function notListening(bind: Bind, error: NodeJS.ErrnoException): Outcome<never> {
  const code = error.code === 'EADDRINUSE' ? 'address-in-use' : 'address-unusable';
  return failed(code, { address: bind, reason: whyNoPlace(error) });
}
