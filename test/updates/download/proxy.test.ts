import { createServer } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeHttpExecutor } from '../../../main/updates/download/index.ts';
import { proxyFor } from '../../../main/updates/download/proxy.ts';

const servers: Server[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});
async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A proxy as a company has it: whole addresses, and tunnels. It tells what it was asked. */
async function startProxy(): Promise<{ port: number; asked: string[]; refuse(): void }> {
  const asked: string[] = [];
  let isRefusing = false;
  const proxy = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    answer.end(`through for ${request.headers.host}`);
  });
  proxy.on('connect', ({ url = '' }: IncomingMessage, socket) => {
    asked.push(`CONNECT ${url}`);
    if (isRefusing) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const there = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
  });
  return { port: await portOf(proxy), asked, refuse: () => (isRefusing = true) };
}

const ask = (options: RequestOptions): Promise<string> =>
  new Promise((resolve) => {
    nodeHttpExecutor()
      .createRequest({ headers: {}, ...options }, (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve(text));
      })
      .on('error', (error: NodeJS.ErrnoException) => resolve(`error ${error.code ?? ''} ${error.message}`))
      .end();
  });
const plain = { protocol: 'http:', hostname: 'feed.example.org', path: '/metadata/root.json?x=1' };

describe('a feed behind a proxy', () => {
  it('is asked for by its whole address, with the name and password of the proxy', async () => {
    const proxy = await startProxy();
    vi.stubEnv('http_proxy', `http://me:p%40ss@127.0.0.1:${proxy.port}`);
    expect(await ask(plain)).toBe('through for feed.example.org');
    expect(proxy.asked).toEqual([
      `GET http://feed.example.org/metadata/root.json?x=1 Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    ]);
  });

  it('is reached by a tunnel where it speaks TLS', async () => {
    const first: number[] = [];
    const feed = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        first.push(bytes[0]!);
        socket.destroy();
      });
    });
    const port = await portOf(feed);
    const proxy = await startProxy();
    vi.stubEnv('HTTPS_PROXY', `127.0.0.1:${proxy.port}`);
    expect(await ask({ protocol: 'https:', hostname: 'localhost', port, path: '/' })).toMatch(/^error/u);
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
    // The first byte of a TLS handshake came through.
    expect(first).toEqual([0x16]);
  });

  it('that the proxy refuses is told with the proxy', async () => {
    const proxy = await startProxy();
    proxy.refuse();
    vi.stubEnv('https_proxy', `http://127.0.0.1:${proxy.port}`);
    expect(await ask({ protocol: 'https:', hostname: 'feed.example.org', path: '/' })).toContain(
      `the proxy 127.0.0.1:${proxy.port}: it answered 403`,
    );
  });

  it('is asked directly where no_proxy says so', async () => {
    const proxy = await startProxy();
    const feed = createServer((_, answer) => answer.end('direct'));
    const port = await portOf(feed);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('no_proxy', 'example.com,127.0.0.1');
    expect(await ask({ ...plain, hostname: '127.0.0.1', port })).toBe('direct');
    expect(proxy.asked).toEqual([]);
  });
});

describe('the environment', () => {
  const at = (url: string, names: Record<string, string>): string | null => {
    const { protocol, hostname, port } = new URL(url);
    return proxyFor({ protocol, hostname, port }, (name) => names[name])?.host ?? null;
  };
  it.each<[string, Record<string, string>, string | null]>([
    ['http://a.org', { http_proxy: 'http://p:1' }, 'p:1'],
    ['http://a.org', { HTTP_PROXY: 'http://p:1' }, null],
    ['https://a.org', { HTTPS_PROXY: 'p:1' }, 'p:1'],
    ['https://a.org', { https_proxy: '' }, null],
    ['https://a.org', { http_proxy: 'p:1' }, null],
    ['https://a.org', { ALL_PROXY: 'p:1' }, 'p:1'],
    ['http://a.org', { all_proxy: 'socks5://p:1' }, null],
    ['http://a.org', { http_proxy: 'p:1', no_proxy: '*' }, null],
    ['http://b.a.org', { http_proxy: 'p:1', NO_PROXY: '.a.org' }, null],
    ['http://b.a.org', { http_proxy: 'p:1', no_proxy: 'x.org, A.org' }, null],
    ['http://ba.org', { http_proxy: 'p:1', no_proxy: 'a.org' }, 'p:1'],
    ['http://a.org:8080', { http_proxy: 'p:1', no_proxy: 'a.org:80' }, 'p:1'],
    ['http://a.org:8080', { http_proxy: 'p:1', no_proxy: 'a.org:8080' }, null],
    ['http://[::1]:8080', { http_proxy: 'p:1', no_proxy: '::1' }, null],
    ['http://[::1]:8080', { http_proxy: 'p:1', no_proxy: '[::1]:8080' }, null],
    ['http://10.0.0.1', { http_proxy: 'p:1', no_proxy: '0.1' }, 'p:1'],
  ])('%s with %j', (url, names, proxy) => {
    expect(at(url, names)).toBe(proxy);
  });
});
