import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { find } from '../../tools/need.mjs';
import { startNginx } from './nginx.ts';
import type { Nginx } from './nginx.ts';

/* What nginx does with failures of a node that a real node gives seldom: here three servers give them when asked. */

type Seen = {
  readonly node: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: number;
};
type Way = number | 'reset';

const nginxProgram = find('nginx');
if (nginxProgram.path === undefined) console.warn(`Left out: ${nginxProgram.reason}`);

describe.skipIf(nginxProgram.path === undefined)('the rules of the shipped nginx configuration', () => {
  let seen: Seen[] = [];
  let ways: Way[] = [];
  const unready = new Set<number>();
  let servers: Server[] = [];
  let addresses: readonly string[] = [];
  let nginx: Nginx;

  beforeAll(async () => {
    servers = [0, 1, 2].map((node) =>
      createServer((request, response) => {
        let bytes = 0;
        request.on('data', (piece: Buffer) => (bytes += piece.length));
        request.on('end', () => {
          if (request.url === '/readyz') return response.writeHead(unready.has(node) ? 503 : 200).end();
          const { method = '', url = '', headers } = request;
          seen.push({ node, method, url, headers, bytes });
          const way = ways[seen.length - 1] ?? 200;
          if (way === 'reset') return request.socket.destroy();
          response.writeHead(way, {
            'content-type': 'application/json',
            ...(way === 503 && { 'retry-after': '1' }),
          });
          response.end(`{"node":${node}}`);
        });
      }),
    );
    await Promise.all(
      servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
    );
    addresses = servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
  // What one test did to the nodes is not remembered in the next.
  beforeEach(async () => {
    nginx = await startNginx(nginxProgram.path!, addresses);
  });
  afterEach(() => nginx.stop());

  /** Asks with these failures first, in order of arrival at whichever node. */
  async function ask(
    path: string,
    failures: readonly Way[],
    init: RequestInit = { method: 'POST', body: '{}' },
  ) {
    seen = [];
    ways = [...failures];
    const answer = await fetch(`${nginx.url}${path}`, init);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      asked: seen.length,
      nodes: new Set(seen.map(({ node }) => node)).size,
    };
  }

  const predictions = [
    '/predict',
    '/v2/models/a/infer',
    '/v2/models/a/versions/1.0.0/infer',
    '/v1/models/a:predict',
    '/v1/models/a/versions/1:classify',
    '/v1/models/a/labels/stable:regress',
  ];

  it.each(predictions)('%s: what broke off, or got 503, is asked again', async (path) => {
    expect(await ask(path, ['reset'])).toMatchObject({ status: 200, asked: 2 });
    expect(await ask(path, [503])).toMatchObject({ status: 200, asked: 2 });
    expect(await ask(path, ['reset', 503])).toMatchObject({ status: 200, asked: 3 });
  });

  it('an input that breaks off each time ends two workers at most', async () => {
    const always = Array<Way>(10).fill('reset');
    expect(await ask('/predict', always)).toMatchObject({ status: 502, asked: 2 });
    expect(await ask('/predict', [503, ...always])).toMatchObject({ status: 502, asked: 2 });
    expect(await ask('/predict', ['reset', 503, ...always])).toMatchObject({ status: 502, asked: 3 });
  });

  it.each([400, 404, 429, 500, 501, 504])('a prediction that got %d is not asked again', async (status) => {
    expect(await ask('/v2/models/a/infer', [status])).toMatchObject({
      status,
      asked: 1,
      text: expect.stringContaining('node'),
    });
  });

  it('503 of every node reaches the caller with its Retry-After, after three tries at most, and takes no node out', async () => {
    for (let round = 0; round < 20; round++) {
      const answer = await ask('/v2/models/a/infer', Array<Way>(10).fill(503));
      expect(answer).toMatchObject({ status: 503, asked: 3 });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    const after = new Set<number>();
    for (let each = 0; each < 12; each++) {
      expect(await ask('/v2/models/a/infer', [])).toMatchObject({ status: 200, asked: 1 });
      after.add(seen[0]!.node);
    }
    expect(after.size).toBe(3);
  });

  it('GET goes on to another node after a lost connection; other POSTs are never sent twice', async () => {
    expect(await ask('/v2/models/a', ['reset'], {})).toMatchObject({ status: 200, asked: 2 });
    for (const path of ['/v2/repository/index', '/access', '/v1/config/reload', '/v2/models/a/infer/other'])
      expect(await ask(path, ['reset'])).toMatchObject({ status: 502, asked: 1 });
  });

  it('a node that refuses connections is left out, and is back after 2 s', async () => {
    const { port } = servers[0]!.address() as AddressInfo;
    servers[0]!.closeAllConnections();
    await new Promise((resolve) => servers[0]!.close(resolve));
    for (let each = 0; each < 30; each++)
      expect(await ask('/v2/models/a/infer', [])).toMatchObject({ status: 200, asked: 1 });
    const refusals = nginx.log().split('Connection refused').length - 1;
    expect(refusals).toBeGreaterThanOrEqual(1);
    expect(refusals).toBeLessThanOrEqual(6);
    await new Promise<void>((resolve) => servers[0]!.listen(port, '127.0.0.1', resolve));
    const back = async () => {
      await ask('/v2/models/a/infer', []);
      return seen[0]?.node;
    };
    await expect.poll(back, { timeout: 6_000, interval: 20 }).toBe(0);
  });

  it('the active check leaves a node out that says it is not ready, and never all of them', async () => {
    const script = join(import.meta.dirname, '../../deploy/nginx/check-nodes.mjs');
    const check = spawn(process.execPath, [script, '--every', '50'], {
      cwd: nginx.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    check.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    const spread = async () => {
      const nodes = new Set<number>();
      for (let each = 0; each < 9; each++) {
        expect(await ask('/v2/models/a/infer', [])).toMatchObject({ status: 200 });
        for (const { node, method } of seen) if (method === 'POST') nodes.add(node);
      }
      return [...nodes].sort((one, other) => one - other);
    };
    try {
      expect(await spread()).toEqual([0, 1, 2]);
      unready.add(1);
      await expect.poll(spread, { timeout: 5_000 }).toEqual([0, 2]);
      unready.add(0).add(2);
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await spread()).not.toEqual([]);
      unready.clear();
      await expect.poll(spread, { timeout: 5_000 }).toEqual([0, 1, 2]);
      expect(output).toContain('is not ready: left out');
      expect(output).toContain('is ready again');
    } finally {
      unready.clear();
      check.kill();
    }
  });

  it('load and unload are refused here', async () => {
    for (const word of ['load', 'unload']) {
      const answer = await ask(`/v2/repository/models/a/${word}`, []);
      expect(answer).toMatchObject({ status: 403, asked: 0 });
      expect(JSON.parse(answer.text)).toEqual({ error: 'Load and unload are asked of each node itself.' });
    }
  });

  it('bodies up to 64 MiB go through whole, larger ones get 413 in JSON before a node hears of them', async () => {
    const most = new Uint8Array(64 * 1024 ** 2);
    expect(await ask('/v2/models/a/infer', [], { method: 'POST', body: most })).toMatchObject({
      status: 200,
      asked: 1,
    });
    expect(seen[0]).toMatchObject({ bytes: most.length });
    expect(await ask('/v2/models/a/infer', ['reset'], { method: 'POST', body: most })).toMatchObject({
      status: 200,
      asked: 2,
    });
    expect(seen[1]).toMatchObject({ bytes: most.length });
    const more = await ask('/v2/models/a/infer', [], {
      method: 'POST',
      body: new Uint8Array(most.length + 1),
    });
    expect(more).toMatchObject({ status: 413, asked: 0 });
    expect(JSON.parse(more.text)).toHaveProperty('error');
  }, 60_000);

  it('the node sees the name that was asked for, who asked, and one kept connection', async () => {
    await ask('/v2', [], { headers: { 'Inference-Header-Content-Length': '7', traceparent: '00-a-b-01' } });
    expect(seen[0]?.headers).toMatchObject({
      host: new URL(nginx.url).host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'inference-header-content-length': '7',
      traceparent: '00-a-b-01',
    });
    expect(seen[0]?.headers['connection']).not.toBe('close');
    expect(seen[0]?.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/u);
  });
});
