import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ByteBudget, defaultRequestMemory, Share } from '../../../main/http/server/budget/index.ts';
import { openTestServing, startCore, statusesOf, talk } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';

const mebibyte = 1024 ** 2;
const maxBodyBytes = 8 * mebibyte;
const requestMemoryBytes = 24 * mebibyte;
let serving: TestServing;
let core: CoreServer;

beforeAll(async () => {
  serving = await openTestServing();
  core = await startCore(serving, { limits: { maxBodyBytes, requestMemoryBytes, receiveTimeoutMs: 1_000 } });
}, 60_000);
afterAll(async () => {
  await core.close();
  await serving.close();
});

const valueOf = async (name: string, of = core): Promise<number> => {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'mu').exec(text)?.[1]);
};
/** What the request for metrics itself holds. */
const idleBytes = 64 * 1024;
const untilIdle = async (of = core): Promise<void> => {
  await expect
    .poll(() => valueOf('outpost_request_memory_bytes', of), { timeout: 10_000 })
    .toBeLessThan(idleBytes);
};
const opened: Socket[] = [];
const dial = (to = core): Socket => {
  const socket = connect(to.port, '127.0.0.1').on('error', () => undefined);
  opened.push(socket);
  return socket;
};
const hangUp = (): void => opened.splice(0).forEach((socket) => void socket.destroy());

test('bodies under way fill the budget; the next one gets 503 at once, and what they held comes back', async () => {
  // Nobody's time is over before all of them have come.
  const patient = await startCore(serving, {
    limits: { maxBodyBytes, requestMemoryBytes, receiveTimeoutMs: 6_000 },
  });
  const memory = (name: string) => valueOf(`outpost_request_memory_${name}`, patient);
  const head = `POST /predict HTTP/1.1\r\nHost: 127.0.0.1:${patient.port}\r\nContent-Length: ${maxBodyBytes}\r\n\r\n`;
  // Six clients that send nearly all of 8 MiB: 48 MiB where there are 24.
  const sockets = Array.from({ length: 6 }, () => dial(patient));
  const answers = sockets.map(
    (socket) =>
      new Promise<string>((resolve) => {
        let text = '';
        socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
        socket.on('close', () => resolve(text));
        socket.write(head);
        socket.write(Buffer.alloc(maxBodyBytes - 1, 7));
      }),
  );
  await expect.poll(() => memory('refused_total'), { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
  expect(await memory('limit_bytes')).toBe(requestMemoryBytes);
  expect(await memory('bytes')).toBeLessThanOrEqual(requestMemoryBytes);
  expect((await fetch(`${patient.url}/livez`)).status).toBe(200);
  const texts = await Promise.all(answers);
  const refused = texts.filter((text) => text.startsWith('HTTP/1.1 503'));
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(refused[0]?.toLowerCase()).toContain('retry-after: 1');
  expect(refused[0]).toContain('"code":"request-memory-full"');
  // The others did not send their last byte in time.
  expect(texts.filter((text) => text.startsWith('HTTP/1.1 408'))).toHaveLength(6 - refused.length);
  await untilIdle(patient);
  await patient.close();
});

test('packed bodies count as they unpack', async () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(maxBodyBytes - 1)));
  const before = process.memoryUsage().rss;
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const response = await fetch(`${core.url}/predict?cache=false`, {
        method: 'POST',
        body: bomb,
        headers: { 'content-encoding': 'gzip', 'content-type': 'image/png' },
      });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  expect(new Set(statuses)).toContain(503);
  expect(statuses.every((status) => status === 503 || (status >= 400 && status < 500))).toBe(true);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * mebibyte);
  await untilIdle();
});

const bundle = '/docs/swagger-ui-bundle.js';
const gets = (count: number, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${core.port}\r\n\r\n`.repeat(count);

test('a thousand pipelined requests for a large file of one client cost next to nothing', async () => {
  expect((await fetch(core.url + bundle)).headers.get('content-length')).toBe(
    String((await (await fetch(core.url + bundle)).arrayBuffer()).byteLength),
  );
  const before = process.memoryUsage().rss;
  const socket = dial().pause();
  socket.write(gets(1_000, bundle));
  let most = 0;
  for (let look = 0; look < 20; look += 1) {
    expect((await fetch(`${core.url}/livez`)).status).toBe(200);
    most = Math.max(most, process.memoryUsage().rss - before);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(most).toBeLessThan(150 * mebibyte);
  // It reads nothing, and is cut off.
  await untilIdle();
  hangUp();
});

test('pipelined requests are all answered, in order', async () => {
  const paths = Array.from({ length: 300 }, (_, at) => `/v2/models/none-${at}`);
  const { text } = await talk(core.port, [paths.map((path) => gets(1, path)).join('')], { answers: 300 });
  expect(statusesOf(text)).toHaveLength(300);
  expect([...text.matchAll(/none-(\d+)/gu)].map(([, at]) => Number(at))).toEqual(paths.map((_, at) => at));
});

test('more than a thousand that wait on one connection are refused, and it ends', async () => {
  const { text, isClosed } = await talk(core.port, [gets(4_000, '/livez')]);
  const statuses = statusesOf(text);
  expect(statuses.length).toBeLessThan(4_000);
  expect(statuses.at(-1)).toBe(503);
  expect(isClosed).toBe(true);
  expect((await fetch(`${core.url}/livez`)).status).toBe(200);
});

test('a client that does not read its large answer is cut off by time, one that reads slowly is not', async () => {
  core.entries.length = 0;
  const deaf = dial().pause();
  const begun = performance.now();
  // More than the system keeps for a connection.
  deaf.write(gets(8, bundle));
  await expect
    .poll(() => core.entries.filter(({ path, status }) => path === bundle && status === 499).length, {
      timeout: 10_000,
    })
    .toBeGreaterThan(0);
  expect(performance.now() - begun).toBeGreaterThan(900);
  const slow = dial();
  let bytes = 0;
  slow.on('data', (piece: Buffer) => {
    bytes += piece.byteLength;
    slow.pause();
    setTimeout(() => slow.resume(), 40);
  });
  slow.write(gets(1, bundle).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  await new Promise((resolve) => slow.once('close', resolve));
  expect(bytes).toBeGreaterThan(1_000_000);
  hangUp();
}, 30_000);

describe('the share of a request', () => {
  test('is given back once, when nobody uses it any more', () => {
    const budget = new ByteBudget(100);
    const share = new Share(budget);
    expect([share.grow(60), share.grow(60)]).toEqual([true, false]);
    share.retain();
    share.release();
    expect(budget.heldBytes).toBe(60);
    share.release();
    share.release();
    expect([budget.heldBytes, budget.refused]).toEqual([0, 1]);
    expect([share.grow(500), budget.heldBytes]).toEqual([true, 0]);
  });
  test('by default a sixth of the memory, two bodies at least', () => {
    expect(defaultRequestMemory(1, 600)).toBe(100);
    expect(defaultRequestMemory(64 * mebibyte, 256 * mebibyte)).toBe(128 * mebibyte);
    expect(defaultRequestMemory(64 * mebibyte, 1024 ** 4)).toBe(4 * 1024 ** 3);
  });
});
