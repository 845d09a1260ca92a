import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play } from '../../tools/bench/serving/client.mjs';
import { playOpen } from '../../tools/bench/serving/open-loop.mjs';

const large = Buffer.alloc(300_000, '0\r\n\r');
let turn = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    switch (request.url) {
      case '/length':
        return response.end(large);
      case '/chunks':
        response.write('{"predictions":[0');
        return void setTimeout(() => response.end(']}'), 5);
      case '/closes':
        return response.setHeader('connection', 'close').end('{}');
      case '/half': {
        turn += 1;
        const isRefused = turn % 2 === 0;
        return void setTimeout(
          () => response.writeHead(isRefused ? 503 : 200).end('{}'),
          isRefused ? 0 : 400,
        );
      }
      case '/wrong':
        return response.writeHead(503).end('{}');
      default:
        return void request.socket.destroy();
    }
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

const ask = (path: string) =>
  play({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    headers: { 'Content-Type': 'application/json' },
    body: Buffer.from('{}'),
    connections: 3,
    seconds: 0.3,
  });

describe('the client of the serving bench', () => {
  it.each(['/length', '/chunks', '/closes'])('counts whole answers, %s', async (path) => {
    const { total, failures, perSecond, p50, p99 } = await ask(path);
    expect(failures).toBe(0);
    expect(total).toBeGreaterThanOrEqual(3);
    expect(perSecond).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    // Half of what is answered in pieces of 5 ms cannot come sooner.
    if (path === '/chunks') expect(p50).toBeGreaterThanOrEqual(4);
  });

  it.each(['/wrong', '/cut'])('counts what is refused or cut off as failed, %s', async (path) => {
    const { total, failures, perSecond } = await ask(path);
    expect(failures).toBe(total);
    expect(total).toBeGreaterThanOrEqual(3);
    expect(perSecond).toBe(0);
  });

  it('sends as many as are due whether or not those before were answered, and knows refusals from failures', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const request = { headers: {}, body: Buffer.from('{}'), perSecond: 200, seconds: 1 };
    const half = await playOpen({ ...request, url: `${url}/half` });
    // A closed loop of a few clients would send few of them: each good answer takes 0.4 s.
    expect(half.total).toBeGreaterThan(150);
    expect(half.total).toBeLessThanOrEqual(201);
    expect(half.failures).toBe(0);
    expect(half.refused).toBe(Math.floor(half.total / 2));
    expect(half.refusedP99).toBeLessThan(400);
    // Those of the last 0.4 s came too late to count.
    expect(half.goodPerSecond).toBeLessThan(75);
    expect(half.goodPerSecond).toBeGreaterThan(20);
    const cut = await playOpen({ ...request, url: `${url}/cut` });
    expect(cut.failures).toBe(cut.total);
  });
});
