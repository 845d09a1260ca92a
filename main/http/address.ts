import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { Bind } from './door.ts';

/** `host:port`, `[::1]:port` or `unix:FILE` taken apart; null when it is none. */
export function readBind(bind: Bind): { host: string; port: number } | { path: string } | null {
  if (bind.startsWith('unix:')) return bind.length > 5 ? { path: bind.slice(5) } : null;
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:/\s]+)):(\d{1,5})$/iu.exec(bind);
  const port = Number(match?.[3]);
  return match && port <= 65_535 ? { host: match[1] ?? match[2]!, port } : null;
}

/** The address as a client writes it, with the port that the system gave where 0 was asked for. */
export async function listenAt(app: FastifyInstance, bind: Bind): Promise<Outcome<string>> {
  const at = readBind(bind);
  if (!at) return failed('address-in-use', { address: bind, reason: 'it is no host:port' });
  try {
    if ('path' in at) {
      if (!(await isAnswered(at.path))) await rm(at.path, { force: true });
      await app.listen({ path: at.path });
      return ok(bind);
    }
    await app.listen({ host: at.host, port: at.port, backlog: 2048 });
    const { address, port, family } = app.server.address() as AddressInfo;
    return ok(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return failed('address-in-use', { address: bind, reason: words[code ?? ''] ?? message });
  }
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'it is not allowed',
  EADDRNOTAVAIL: 'this computer has no such address',
};

/** A socket file that nobody answers on was left by one that was killed. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
