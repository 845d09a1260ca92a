import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createOpenSockets } from '../../main/http/open-sockets.ts';

afterEach(() => vi.restoreAllMocks());

test('a connection is active while it brings requests or waits for an answer, and no longer', async () => {
  let laterMs = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + laterMs);
  const sockets = createOpenSockets();
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => void responses.push(response));
  server.on('connection', (socket) => sockets.hold(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true });
  const asked = get({ agent, host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  await once(server, 'request');
  const look = (): number => {
    laterMs += 2_100;
    return sockets.countActive();
  };
  expect(look(), 'it brought a request').toBe(1);
  expect([look(), look()], 'it waits').toEqual([1, 1]);
  responses[0]!.end('done');
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  expect(look(), 'it was answered').toBe(0);
  agent.destroy();
  server.close();
  await sockets.emptied();
});
