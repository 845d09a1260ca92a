import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play } from '../../tools/bench/serving/client.mjs';

const large = Buffer.alloc(300_000, '0\r\n\r');
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
});
