import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHttpServer } from '../../../main/http/index.ts';
import { anyone, openTestServing, startCore, statusesOf, talk } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';
import { newFolder } from '../../temp/folder.ts';

let serving: TestServing;
beforeAll(async () => {
  serving = await openTestServing();
}, 60_000);
afterAll(() => serving.close());

const options = (bind: string) => ({
  serving: serving.serving,
  appVersion: '0.1.0',
  bind,
  grpcBind: null,
  tokens: null,
  anyone,
  allowedHosts: [],
  corsOrigins: [],
  log: () => {},
});

/** The core with a picture route that answers when `release` is called. */
async function startSlow(): Promise<{ core: CoreServer; begun: () => number; release: () => void }> {
  let release = (): void => {};
  let begun = 0;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const core = await startCore(serving, {
    serving: {
      ...serving.serving,
      picture: async (asked) => {
        begun += 1;
        await gate;
        return serving.serving.picture(asked);
      },
    },
  });
  return { core, begun: () => begun, release: () => release() };
}

test('what is under way is finished when it closes, and says that the connection ends', async () => {
  const { core, begun, release } = await startSlow();
  const asked = talk(core.port, [
    `POST /predict HTTP/1.1\r\nHost: 127.0.0.1:${core.port}\r\nContent-Length: 3\r\n\r\nabc`,
  ]);
  await expect.poll(begun).toBe(1);
  const closing = core.server.close({ graceMs: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  await expect(fetch(`${core.url}/livez`)).rejects.toThrow();
  release();
  const { text, isClosed } = await asked;
  expect(statusesOf(text)).toEqual([415]);
  expect(text.toLowerCase()).toContain('connection: close');
  expect(isClosed).toBe(true);
  await closing;
});

test('what is not finished in time is ended', async () => {
  const { core, begun, release } = await startSlow();
  const asked = talk(core.port, [
    `POST /predict HTTP/1.1\r\nHost: 127.0.0.1:${core.port}\r\nContent-Length: 3\r\n\r\nabc`,
  ]);
  await expect.poll(begun).toBe(1);
  const at = performance.now();
  await core.server.close({ graceMs: 300 });
  expect(performance.now() - at).toBeLessThan(2_000);
  expect(statusesOf((await asked).text)).toEqual([]);
  release();
});

test('a request on a kept connection that comes while it closes is answered', async () => {
  const core = await startCore(serving);
  const line = `GET /livez HTTP/1.1\r\nHost: 127.0.0.1:${core.port}\r\n\r\n`;
  const socket = connect(core.port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
  socket.write(line);
  await expect.poll(() => statusesOf(text).length).toBe(1);
  const closing = core.server.close({ graceMs: 5_000 });
  socket.write(line);
  await expect.poll(() => statusesOf(text)).toEqual([200, 200]);
  expect(text.toLowerCase()).toContain('connection: close');
  const at = performance.now();
  await closing;
  expect(performance.now() - at).toBeLessThan(2_000);
  socket.destroy();
});

test('thousands of kept connections are held, and each is answered again', async () => {
  const core = await startCore(serving);
  const count = 2_000;
  const sockets: Socket[] = [];
  const answers = new Map<Socket, number>();
  for (let at = 0; at < count; at += 100) {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect(core.port, '127.0.0.1');
        sockets.push(socket);
        await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
        socket.on('data', () => answers.set(socket, (answers.get(socket) ?? 0) + 1));
      }),
    );
  }
  const line = `GET /livez HTTP/1.1\r\nHost: 127.0.0.1:${core.port}\r\n\r\n`;
  for (let round = 1; round <= 2; round++) {
    for (const socket of sockets) socket.write(line);
    await expect
      .poll(() => [...answers.values()].filter((held) => held >= round).length, { timeout: 25_000 })
      .toBe(count);
  }
  for (const socket of sockets) socket.destroy();
  await core.close();
}, 60_000);

test('an address that is taken is a fault, and so is one that is none', async () => {
  const core = await startCore(serving);
  const taken = await openHttpServer(options(`127.0.0.1:${core.port}`));
  expect(taken).toMatchObject({ ok: false, fault: { code: 'address-in-use' } });
  const wrong = await openHttpServer(options('not an address'));
  expect(wrong).toMatchObject({ ok: false, fault: { code: 'address-unusable' } });
  const grpc = await openHttpServer({ ...options('127.0.0.1:0'), grpcBind: `127.0.0.1:${core.port}` });
  expect(grpc).toMatchObject({ ok: false, fault: { code: 'address-in-use' } });
  await core.close();
});

test('it listens at ::1, and beside it speaks gRPC', async () => {
  const core = await startCore(serving, { bind: '[::1]:0', grpcBind: '127.0.0.1:0' });
  expect(core.url).toMatch(/^http:\/\/\[::1\]:\d+$/u);
  expect((await fetch(`${core.url}/livez`)).status).toBe(200);
  expect(core.server.grpcAddress).toMatch(/^127\.0\.0\.1:\d+$/u);
  await core.close();
});

test('it listens on a socket file, also where a killed one left its file', async () => {
  const folder = newFolder();
  const file = path.join(folder, 'outpost.sock');
  const core = await startCore(serving, { bind: `unix:${file}` });
  expect(core.url).toBe(`unix:${file}`);
  const status = await new Promise((resolve, reject) => {
    request({ socketPath: file, path: '/readyz' }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
  const taken = await openHttpServer(options(`unix:${file}`));
  expect(taken).toMatchObject({ ok: false, fault: { code: 'address-in-use' } });
  await core.close();
});

test('without a ready engine readyz says so', async () => {
  const core = await startCore(serving, { serving: { ...serving.serving, isReady: () => false } });
  expect((await fetch(`${core.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${core.url}/livez`)).status).toBe(200);
  await core.close();
});
