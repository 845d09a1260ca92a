import { isIPv4, isIPv6 } from 'node:net';
import type { Socket } from 'node:net';

type HostCheck = (header: string, socket: Socket) => boolean;

/**
 * A page of a foreign name that was made to resolve to this computer (DNS rebinding) sends its own name as `Host`. Allowed
 * are names and addresses that nobody outside this computer can point elsewhere: those of loopback, the one that was bound
 * and the one that the connection came to; with any port, since tunnels and containers change it. And what was listed:
 * `name` with any port, `name:port` with that one. A socket file is out of a page's reach.
 */
export function hostCheck(bind: string, allowedHosts: readonly string[]): HostCheck {
  const listed = new Set(allowedHosts.map(listedName));
  const bound = takeApart(bind)?.name ?? '';
  const seen = new Set<string>();
  return (header, socket) => {
    const { localPort } = socket;
    if (localPort === undefined || seen.has(header)) return true;
    const host = takeApart(header);
    if (!host) return false;
    const { name, port } = host;
    const isAllowed =
      isLoopback(name) || name === bound || listed.has(name) || listed.has(`${name}:${port ?? 80}`);
    if (isAllowed && seen.size < mostSeen) seen.add(header);
    return isAllowed || name === plainAddress(socket.localAddress ?? '');
  };
}
const mostSeen = 64;

type Host = { readonly name: string; readonly port: number | null };

/** Name or address without brackets, in the form that `plainAddress` gives; null for what is neither. */
function takeApart(header: string): Host | null {
  const match = /^(?:\[([0-9a-f:.]+)(?:%[^\]\s/\\@?#]*)?\]|([^:/@\s\\?#[\]]+))(?::(\d{1,5}))?$/u.exec(
    header.toLowerCase(),
  );
  if (!match) return null;
  const [, address, given, digits] = match;
  const port = digits === undefined ? null : Number(digits);
  if (address === undefined) return { name: given!.replace(/\.$/u, ''), port };
  return isIPv6(address) ? { name: plainAddress(address), port } : null;
}

function listedName(text: string): string {
  const host = takeApart(text);
  if (!host) return text.toLowerCase();
  return host.port === null ? host.name : `${host.name}:${host.port}`;
}

/** One form for each address: an IPv4 address in IPv6 as IPv4, zeros left out, no zone. */
function plainAddress(text: string): string {
  const [address = ''] = text.toLowerCase().split('%', 1);
  if (!isIPv6(address)) return address;
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/u.exec(short);
  if (!mapped) return short;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** RFC 6761 keeps `localhost` and what ends in it for this computer, and browsers ask no name server for them. */
function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (name.startsWith('127.') && isIPv4(name))
  );
}
