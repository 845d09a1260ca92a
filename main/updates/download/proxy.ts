import { request as httpRequest } from 'node:http';
import type { ClientRequest, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { env } from '../../lib/paths.ts';

type Address = Pick<RequestOptions, 'protocol' | 'hostname' | 'port'>;
type Read = (name: string) => string | undefined;

/**
 * The proxy for an address from the environment, by curl's rules: `http_proxy` in lower case only (CGI sets HTTP_PROXY
 * from a request header), `https_proxy`, `all_proxy` and `no_proxy` in either case. Null for none. Only HTTP proxies
 * are supported.
 */
export function proxyFor({ protocol, hostname, port }: Address, read: Read = env): URL | null {
  const isTls = protocol !== 'http:';
  const either = (name: string): string | undefined => read(name) || read(name.toUpperCase());
  const named = (isTls ? either('https_proxy') : read('http_proxy')) || either('all_proxy');
  const host = (hostname ?? '').toLowerCase().replace(/^\[|\]$/gu, '');
  if (!named || isLeftOut(host, Number(port) || (isTls ? 443 : 80), either('no_proxy') ?? '')) return null;
  const text = named.includes('://') ? named : `http://${named}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
}

/**
 * `no_proxy`: `*`, or names and addresses separated by commas or spaces; each includes its subdomains, and is limited
 * to a port if it names one.
 */
function isLeftOut(host: string, port: number, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/u)
    .some((entry) => {
      if (entry === '' || entry === '*') return entry === '*';
      const [, name = '', only] =
        /^\[?(.*?)\]?(?::(\d+))?$/u.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
      const bare = name.replace(/^\*?\./u, '');
      if (only !== undefined && Number(only) !== port) return false;
      return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
    });
}

/** Request options for plain HTTP through a proxy: the request line has the absolute URL. */
export function throughProxy(options: RequestOptions, proxy: URL): RequestOptions {
  const host = `${options.hostname}${options.port ? `:${options.port}` : ''}`;
  return {
    ...options,
    protocol: proxy.protocol,
    hostname: hostOf(proxy),
    port: portOf(proxy),
    path: `http://${host}${options.path ?? '/'}`,
    headers: { ...(options.headers as OutgoingHttpHeaders), Host: host, ...credentials(proxy) },
  };
}

/** A TLS connection through a tunnel (CONNECT): the proxy sees only the host name. */
export function tunnelled(
  { secureContext, ...options }: RequestOptions & { readonly secureContext?: SecureContext },
  proxy: URL,
  request: (options: RequestOptions) => ClientRequest,
): ClientRequest {
  const hostname = (options.hostname ?? '').replace(/^\[|\]$/gu, '');
  const target = `${options.hostname}:${options.port || 443}`;
  const trust = secureContext ? { secureContext } : {};
  let opening: ClientRequest | null = null;
  const createConnection = (_: object, done: (error: Error | null, socket: Socket) => void): undefined => {
    const failed = (reason: string): void =>
      done(new Error(`the proxy ${proxy.host}: ${reason}`), undefined as never);
    opening = requestTo(proxy)({
      hostname: hostOf(proxy),
      port: portOf(proxy),
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...credentials(proxy) },
      agent: false,
    });
    opening.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode === 200)
        return done(
          null,
          tlsConnect({
            ...trust,
            socket,
            host: hostname,
            ...(isIP(hostname) === 0 && { servername: hostname }),
          }),
        );
      socket.destroy();
      failed(`it answered ${statusCode}`);
    });
    // A proxy without support for CONNECT responds like a web server.
    opening.once('response', (response) => {
      response.destroy();
      failed(`it answered ${response.statusCode}`);
    });
    opening.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
    opening.end();
  };
  const asked = request({ ...options, createConnection: createConnection as never });
  return asked.once('close', () => opening?.destroy());
}

export const requestTo = ({ protocol }: { readonly protocol?: string | null | undefined }) =>
  protocol === 'http:' ? httpRequest : httpsRequest;

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/gu, '');
const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'http:' ? 80 : 443);

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
