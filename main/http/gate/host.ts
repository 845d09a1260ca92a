import { isIPv4 } from 'node:net';
import type { Socket } from 'node:net';

export type HostCheck = (header: string | undefined, socket: Socket) => boolean;

/**
 * A page of a foreign name that was made to resolve to this computer (DNS rebinding) sends its own name as `Host`. Allowed
 * are the names of loopback, the address that was bound and the one that the connection came to, each with the right
 * port, and what was listed: `name` with any port, `name:port` with that one. A socket file is out of a page's reach.
 */
export function hostCheck(bind: string, allowedHosts: readonly string[]): HostCheck {
  const listed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  const bound = takeApart(bind)?.name ?? '';
  const seen = new Map<string, number>();
  return (header, socket) => {
    const { localPort } = socket;
    if (localPort === undefined) return true;
    if (header === undefined) return false;
    if (seen.get(header) === localPort) return true;
    const host = takeApart(header.toLowerCase());
    if (!host) return false;
    const isOurs = isLoopback(host.name) || host.name === bound || host.name === addressOf(socket);
    const isAllowed =
      (isOurs && host.port === localPort) || listed.has(host.name) || listed.has(`${host.name}:${host.port}`);
    if (isAllowed && seen.size < mostSeen) seen.set(header, localPort);
    return isAllowed;
  };
}
const mostSeen = 64;

function takeApart(header: string): { readonly name: string; readonly port: number } | null {
  const match = /^(\[[0-9a-f:.%]+\]|[^:/@\s\\?#[\]]+)(?::(\d{1,5}))?$/u.exec(header);
  return match ? { name: match[1]!, port: Number(match[2] ?? 80) } : null;
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || (name.startsWith('127.') && isIPv4(name));
}

/** As a client writes it. */
function addressOf({ localAddress = '' }: Socket): string {
  const plain = localAddress.replace(/^::ffff:/u, '');
  return isIPv4(plain) ? plain : `[${plain}]`;
}
