import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import { refuse, refuseWhenFull } from '../../../main/http/server/index.ts';
import type { Places } from '../../../main/http/index.ts';
import type { Serving } from '../../../main/serving/index.ts';

/* A request that is refused for want of room: what becomes of its connection. */

let app = fastify();
let isFull = true;
afterEach(async () => app.close());

async function open(isBehindArbiter: boolean): Promise<number> {
  app = fastify({ forceCloseConnections: true });
  const serving = { isFull: () => isFull, status: () => ({ queued: 3 }) } as unknown as Serving;
  const places: Places = {
    arrived: () => undefined,
    take: () => !isFull,
    answered: () => undefined,
  };
  refuseWhenFull(app, { serving, places: isBehindArbiter ? places : null });
  app.decorateRequest('refusal', null);
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    payload.on('end', () => done(null, null));
  });
  app.post('/', (_request, reply) => refuse(reply, fault('busy', { waiting: 3 })));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

/** Sends a head and a half of its body, then the rest once there is an answer; gives the answer, and whether the connection was ended. */
async function post(
  port: number,
  bytes: number,
  halfFirst: boolean,
): Promise<{ text: string; isEnded: boolean }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isEnded = false;
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  socket.on('end', () => (isEnded = true));
  const body = Buffer.alloc(bytes);
  const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Length: ${bytes}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), halfFirst ? body.subarray(bytes / 2) : body]));
  await expect.poll(() => text).toContain('"code":"busy"');
  if (halfFirst) expect(isEnded, 'the answer comes first').toBe(false);
  if (halfFirst) socket.write(body.subarray(bytes / 2));
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (/connection: close/iu.test(text)) await expect.poll(() => isEnded).toBe(true);
  socket.destroy();
  return { text, isEnded };
}

test('behind an arbiter it ends its connection, once its body was taken in', async () => {
  const port = await open(true);
  isFull = true;
  const { text, isEnded } = await post(port, 32 * 1024, true);
  expect(text).toMatch(/^HTTP\/1\.1 503 /u);
  expect(text).toMatch(/^retry-after: 1\r$/imu);
  expect(isEnded).toBe(true);
});

test('so does a small one, and one that was refused behind its body', async () => {
  const port = await open(true);
  isFull = true;
  expect((await post(port, 10, false)).isEnded).toBe(true);
  isFull = false;
  expect((await post(port, 32 * 1024, false)).isEnded).toBe(true);
});

test('elsewhere the connection stays', async () => {
  const port = await open(false);
  isFull = true;
  for (const bytes of [10, 32 * 1024]) {
    const { text, isEnded } = await post(port, bytes, bytes > 1024);
    expect(text).toMatch(/^HTTP\/1\.1 503 /u);
    expect(isEnded).toBe(false);
  }
});
