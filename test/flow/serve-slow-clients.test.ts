import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { writeTensorPack } from '../fixtures/tensor-pack.ts';
import { newFolder } from '../temp/folder.ts';
import { endAll, post, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { httpWorkers, openConnections } from './serve-workers.ts';
import { slowBody } from './slow-model.ts';

/* Clients that are slow on purpose, in every HTTP worker: they hold up nobody, hold no memory, and are ended. */

afterEach(endAll);
const mebibyte = 1024 ** 2;
const receiveS = 2;
const small = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] });
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gives back what it is sent, twice as large. */
async function startDouble(): Promise<Serve> {
  const folder = newFolder('double');
  const square = (name: string) => ({ name, type: 'float32' as const, shape: ['N', 'N'] });
  writeTensorPack(folder, 'double', {
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
    inputs: [square('x')],
    outputs: [square('y')],
  });
  const models = ['--models', folder, '--load', 'double'];
  const serve = await startServe(
    ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--receive-timeout'].concat(
      String(receiveS),
      models,
    ),
  );
  await serve.until('Ready after');
  return serve;
}
const target = '/v2/models/double/infer';

/** So many connections, each of which begins with `first` and goes on with a byte now and then. */
function trickle({ url }: Serve, count: number, first: string | Buffer) {
  const { hostname, port } = new URL(url);
  let open = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname, () => (open += 1));
    socket.on('error', () => undefined);
    // Read, or its end would not be seen.
    socket.resume();
    socket.once('close', () => (open -= 1));
    socket.write(first);
    return socket;
  });
  const timer = setInterval(() => {
    // Without a beginning it is silent.
    if (first !== '') for (const socket of sockets) if (socket.writable) socket.write('a');
  }, 200);
  return { open: () => open, sockets, stop: () => clearInterval(timer) };
}

/** The slowest of a few good requests, each on a connection of its own. */
async function slowestMs(serve: Serve): Promise<number> {
  let slowest = 0;
  for (let turn = 0; turn < 12; turn += 1) {
    const { status, ms } = await post(serve.url + target, small, { connection: 'close' });
    expect(status).toBe(200);
    slowest = Math.max(slowest, ms);
  }
  return slowest;
}
const heldBytes = async (serve: Serve): Promise<number> => {
  const text = await (await fetch(`${serve.url}/metrics`, { headers: { connection: 'close' } })).text();
  return Number(/^outpost_request_memory_bytes (\S+)$/mu.exec(text)?.[1]);
};
const connections = (serve: Serve): number =>
  [serve.child.pid!, ...httpWorkers(serve)].reduce((sum, pid) => sum + openConnections(serve, pid), 0);

test.each([
  ['send nothing', ''],
  ['send their headers a byte at a time', `POST ${target} HTTP/1.1\r\nHost: localhost\r\nX-Slow: `],
  [
    'send their bodies a byte at a time',
    `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n${' '.repeat(100_000)}`,
  ],
])('clients that %s are ended when their time is up, and hold up nobody', async (_, first) => {
  const serve = await startDouble();
  await slowestMs(serve);
  const clients = trickle(serve, 60, first);
  await expect.poll(clients.open).toBe(60);
  await wait(300);
  expect(await slowestMs(serve)).toBeLessThan(500);
  await expect.poll(clients.open, { timeout: (receiveS + 8) * 1000 }).toBe(0);
  clients.stop();
  await expect.poll(() => heldBytes(serve)).toBeLessThan(mebibyte);
  await expect.poll(() => connections(serve)).toBe(0);
});

test('clients that do not read their answers are ended, and what was made for them is given back', async () => {
  const serve = await startDouble();
  const { hostname, port } = new URL(serve.url);
  // 16 MB each: more than the system takes for a connection.
  const { body, header } = slowBody(2048);
  const head = `POST ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nInference-Header-Content-Length: ${header}\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
  const sockets: Socket[] = [];
  for (let count = 0; count < 8; count += 1) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    // Never read: no listener for data, and paused.
    socket.pause();
    socket.write(head);
    socket.write(body);
    sockets.push(socket);
  }
  await expect.poll(() => heldBytes(serve), { timeout: 20_000 }).toBeGreaterThan(16 * mebibyte);
  expect(await slowestMs(serve)).toBeLessThan(1_000);
  await expect.poll(() => connections(serve), { timeout: (receiveS + 20) * 1000, interval: 200 }).toBe(0);
  await expect.poll(() => heldBytes(serve)).toBeLessThan(mebibyte);
  expect(await slowestMs(serve)).toBeLessThan(1_000);
  for (const socket of sockets) socket.destroy();
});
