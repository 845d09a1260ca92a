import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { failed, ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import { reason } from '../../../../contract/reasons.ts';
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

/** Faults: `address-in-use`, `address-unusable`, `bind-file-taken`. `isPrepared`: another process looks after the socket file. */
export async function listenAt(
  app: FastifyInstance,
  bind: Bind,
  isPrepared: boolean,
): Promise<Outcome<Listening>> {
  const at = readBind(bind);
  if (!at) return failed('address-unusable', { address: bind, reason: reason('no-host-port') });
  try {
    if ('path' in at) return await listenAtFile(app, at.path, isPrepared);
    await app.listen({ host: at.host, port: at.port, backlog: 2048 });
    const { address, port, family } = app.server.address() as AddressInfo;
    return ok({
      address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
      release: async () => undefined,
    });
  } catch (error) {
    return notListening(bind, error as NodeJS.ErrnoException);
  }
}

async function listenAtFile(
  app: FastifyInstance,
  path: string,
  isPrepared: boolean,
): Promise<Outcome<Listening>> {
  const address = `unix:${path}`;
  // Pipes of Windows go with their process.
  if (isPrepared || process.platform === 'win32') {
    await app.listen({ path });
    return ok({ address, release: async () => undefined });
  }
  return listenAtSocketFile(path, async (draft) => ok(await app.listen({ path: draft })));
}

/** Why nothing listens there. */
export function notListening(bind: Bind, error: NodeJS.ErrnoException): Outcome<never> {
  const code = error.code === 'EADDRINUSE' ? 'address-in-use' : 'address-unusable';
  return failed(code, { address: bind, reason: whyNoPlace(error) });
}
