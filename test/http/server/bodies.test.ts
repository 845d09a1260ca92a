import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openTestServing, startCore, statusesOf, talk } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';

const maxBodyBytes = 1024 * 1024;
let serving: TestServing;
let core: CoreServer;
/** One that waits for nobody. */
let hasty: CoreServer;
let head: string;

beforeAll(async () => {
  serving = await openTestServing();
  const limits = { maxBodyBytes, maxHeaderBytes: 8 * 1024, receiveTimeoutMs: 20_000 };
  core = await startCore(serving, { limits });
  hasty = await startCore(serving, { limits: { ...limits, receiveTimeoutMs: 600 } });
  head = `Host: 127.0.0.1:${core.port}\r\n`;
}, 60_000);
afterAll(async () => {
  await core.close();
  await hasty.close();
  await serving.close();
});

const predict = '/v1/models/tensor-demo:predict';
const body = JSON.stringify({ inputs: { a: [[1, 2, 3]], b: [[4, 5, 6]], count: [[7]] } });
const post = (bytes: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${core.url}${predict}`, { method: 'POST', body: bytes, headers });

test('packed bodies are unpacked, whatever the content type', async () => {
  const plain = await (await post(body)).json();
  expect(plain).toMatchObject({ outputs: { sum: [[5, 7, 9]] } });
  const packed = [
    ['gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', Buffer.from(body)],
  ] as const;
  for (const [name, bytes] of packed) {
    const answer = await post(new Uint8Array(bytes), {
      'content-encoding': name,
      'content-type': 'application/octet-stream',
    });
    expect(await answer.json(), name).toEqual(plain);
  }
  const broken = await post(new Uint8Array([1, 2, 3]), { 'content-encoding': 'gzip' });
  expect(broken.status).toBe(400);
  expect(await codeOf(broken)).toBe('request-malformed');
  const foreign = await post(body, { 'content-encoding': 'zstd' });
  expect(foreign.status).toBe(415);
  expect(await codeOf(foreign)).toBe('media-type-unsupported');
});

test('a body that unpacks to gigabytes dies at the limit', async () => {
  // Packed pieces behind one another unpack as one.
  const piece = gzipSync(Buffer.alloc(32 * 1024 ** 2));
  const bomb = Buffer.concat(Array.from({ length: 16 }, () => piece));
  expect(bomb.byteLength).toBeLessThan(maxBodyBytes);
  const before = process.memoryUsage().rss;
  const begun = process.cpuUsage();
  const answer = await post(new Uint8Array(bomb), { 'content-encoding': 'gzip' });
  expect(answer.status).toBe(413);
  expect(await codeOf(answer)).toBe('body-too-large');
  // Processor time of the whole process: what else this machine does is not in it.
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1_000).toBeLessThan(1_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 ** 2);
});

test('two announced gigabytes are refused before they come', async () => {
  const { text, ms } = await talk(
    core.port,
    [`POST ${predict} HTTP/1.1\r\n${head}Content-Length: 2147483648\r\n\r\n`, 'x'.repeat(1000)],
    { answers: 1 },
  );
  expect(statusesOf(text)).toEqual([413]);
  expect(text).toContain('"code":"body-too-large"');
  expect(text.toLowerCase()).toContain('connection: close');
  expect(ms).toBeLessThan(10_000);
});

test('a client that sends all of a refused body reads the answer', async () => {
  const answer = await post(new Uint8Array(40 * 1024 ** 2));
  expect(answer.status).toBe(413);
  expect(await codeOf(answer)).toBe('body-too-large');
});

test('an endless chunked body is cut off at the limit', async () => {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const { text } = await talk(core.port, [
    `POST ${predict} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n`,
    ...Array.from({ length: 40 }, () => chunk),
    '0\r\n\r\n',
  ]);
  expect(statusesOf(text)).toEqual([413]);
});

test('a client that asks first is told before it sends', async () => {
  const refused = await talk(
    core.port,
    [`POST ${predict} HTTP/1.1\r\n${head}Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n`],
    { answers: 1 },
  );
  expect(statusesOf(refused.text)).toEqual([413]);
  const invited = await talk(
    core.port,
    [
      `POST ${predict} HTTP/1.1\r\n${head}Connection: close\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
      body,
    ],
    { gapMs: 100 },
  );
  expect(statusesOf(invited.text)).toEqual([100, 200]);
});

test('contradictory, doubled and lying lengths are refused, and nothing is smuggled behind them', async () => {
  const smuggled = `GET /livez HTTP/1.1\r\n${head}\r\n`;
  const start = `POST ${predict} HTTP/1.1\r\n${head}`;
  const cases = [
    [`${start}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    [`${start}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`],
    [`${start}Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd${smuggled}`],
    [`${start}Content-Length: 4, 40\r\n\r\nabcd${smuggled}`],
    [`${start}Content-Length: +4\r\n\r\nabcd${smuggled}`],
    [`${start}Content-Length: -1\r\n\r\n${smuggled}`],
    [`${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    [`${start}Transfer-Encoding: chunked\r\n\r\n-1\r\n${smuggled}`],
    [`${start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    [`POST ${predict} HTTP/1.1\nHost: 127.0.0.1:${core.port}\nContent-Length: 4\n\nabcd`],
    ['\u0016\u0003\u0001\u0000\u0000'],
  ];
  for (const pieces of cases) {
    const { text, isClosed } = await talk(core.port, pieces);
    expect(text, pieces[0]).not.toContain('"live":true');
    expect(statusesOf(text), pieces[0]).toEqual([400]);
    expect(isClosed, pieces[0]).toBe(true);
  }
});

test('a body that is shorter than announced times out, and the connection ends', async () => {
  const { text, isClosed, ms } = await talk(hasty.port, [
    `POST ${predict} HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{"inputs"`,
  ]);
  expect(statusesOf(text)).toEqual([408]);
  expect(text).toContain('"code":"request-too-slow"');
  expect(isClosed).toBe(true);
  expect(ms).toBeLessThan(10_000);
  await expect.poll(() => hasty.entries.at(-1)?.status).toBe(408);
});

test('a header that comes a byte at a time runs out of time; others are served meanwhile', async () => {
  const slow = Array.from({ length: 30 }, () =>
    talk(hasty.port, ['GET /livez HTTP/1.1\r\n', ...'X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.split('')], {
      gapMs: 100,
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await fetch(`${hasty.url}/livez`)).status).toBe(200);
  for (const { text, isClosed } of await Promise.all(slow)) {
    expect(statusesOf(text)).toEqual([408]);
    expect(isClosed).toBe(true);
  }
});

test('a header beyond the limit is 431 with a text', async () => {
  const { text } = await talk(core.port, [
    `GET /livez HTTP/1.1\r\n${head}X-Large: ${'a'.repeat(20_000)}\r\n\r\n`,
  ]);
  expect(statusesOf(text)).toEqual([431]);
  expect(text).toContain('"code":"header-too-large"');
});

test('a client that hangs up in the middle of its body harms nobody', async () => {
  for (let at = 0; at < 20; at++) {
    const socket = connect(core.port, '127.0.0.1');
    socket.write(`POST ${predict} HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{"inp`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
  }
  expect((await post(body)).status).toBe(200);
  expect(core.logged).toEqual([]);
});
