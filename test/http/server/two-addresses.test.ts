import dns from 'node:dns';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { openTestServing, startCore } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';

const mebibyte = 1024 ** 2;
let serving: TestServing | undefined;
let core: CoreServer | undefined;
const opened: Socket[] = [];
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await core?.close();
  await serving?.close();
  vi.restoreAllMocks();
});

/** A host whose `localhost` has a second address: one of IPv4, since not every machine that runs tests has ::1. */
async function open(): Promise<CoreServer> {
  const two = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  const usual = dns.lookup;
  vi.spyOn(dns, 'lookup').mockImplementation(((
    name: string,
    options: object,
    done: (...all: unknown[]) => void,
  ) =>
    name === 'localhost' && 'all' in options && options.all === true
      ? done(null, two)
      : usual(name === 'localhost' ? two[0]!.address : name, options, done as never)) as never);
  vi.spyOn(dns.promises, 'lookup').mockImplementation((async () => two) as never);
  serving = await openTestServing();
  core = await startCore(serving, {
    bind: 'localhost:0',
    limits: { maxBodyBytes: 8 * mebibyte, requestMemoryBytes: 24 * mebibyte },
  });
  expect(core.url).toBe(`http://127.0.0.1:${core.port}`);
  return core;
}
const dial = ({ port }: CoreServer): Socket => {
  const socket = connect(port, '127.0.0.2').on('error', () => undefined);
  opened.push(socket);
  return socket;
};

it('what comes by the second address counts against the same budget', async () => {
  const server = await open();
  const { port, url } = server;
  const held = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^outpost_request_memory_bytes (\S+)$/mu.exec(text)?.[1]);
  };
  expect((await fetch(`http://127.0.0.2:${port}/livez`)).status).toBe(200);
  const socket = dial(server);
  socket.write(
    `POST /predict HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: ${8 * mebibyte}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(8 * mebibyte - 1, 7));
  await expect.poll(held, { timeout: 10_000 }).toBeGreaterThan(7 * mebibyte);
  socket.destroy();
  await expect.poll(held, { timeout: 10_000 }).toBeLessThan(mebibyte);
});

it('connections by it end with the server, and no other is taken', async () => {
  const server = await open();
  const socket = dial(server);
  socket.write(`GET /livez HTTP/1.1\r\nHost: localhost:${server.port}\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await server.close();
  await ended;
  const refused = await new Promise((resolve) => dial(server).once('error', resolve));
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
});
