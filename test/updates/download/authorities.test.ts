import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { authorityFile, FeedServer } from '../../fixtures/feed-server.ts';
import { newFolder } from '../../temp/folder.ts';

let folder: string;
let feed: FeedServer;
let proxy: Server;
const tunnels: string[] = [];
beforeAll(async () => {
  folder = newFolder('authorities');
  writeFileSync(join(folder, 'root.json'), '{"signed":true}');
  feed = await new FeedServer(folder, 'https').open();
  proxy = createServer().on('connect', ({ url = '' }: IncomingMessage, socket) => {
    tunnels.push(url);
    const there = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on('error', () => [there, socket].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await feed.close();
  proxy.closeAllConnections();
  proxy.close();
});
beforeEach(() => {
  vi.unstubAllEnvs();
  // The store is read once for each process: each case here is a process of its own.
  vi.resetModules();
});

/** What a feed's server answers, or the code of the error. */
async function get(hostname = '127.0.0.1'): Promise<string> {
  const { nodeHttpExecutor } = await import('../../../main/updates/download/index.ts');
  const { port } = new URL(feed.address);
  return new Promise((resolve) => {
    nodeHttpExecutor()
      .createRequest({ protocol: 'https:', hostname, port, path: '/root.json' }, (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve(text));
      })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end();
  });
}

describe('a feed over https', () => {
  it('is refused when nobody whom this computer trusts vouches for its server', async () => {
    expect(await get()).toMatch(/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/u);
  });

  it('is taken when the system’s store has its authority, by address and by name', async () => {
    vi.stubEnv('SSL_CERT_FILE', authorityFile);
    expect(await get()).toBe('{"signed":true}');
    expect(await get('localhost')).toBe('{"signed":true}');
  });

  it('is taken with an authority that was added for Node', async () => {
    vi.stubEnv('NODE_EXTRA_CA_CERTS', authorityFile);
    expect(await get()).toBe('{"signed":true}');
  });

  it('is checked all the same behind a proxy', async () => {
    vi.stubEnv('https_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    expect(await get()).toMatch(/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/u);
    vi.resetModules();
    vi.stubEnv('SSL_CERT_FILE', authorityFile);
    expect(await get()).toBe('{"signed":true}');
    expect(tunnels).toEqual(Array.from({ length: 2 }, () => new URL(feed.address).host));
  });
});
