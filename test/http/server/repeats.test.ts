import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../../main/http/index.ts';
import type { Served } from '../../../contract/serving/serving.ts';
import { startCore, statusesOf } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';
import { infer, openQuickServing, predict, rows, showQuick } from './quick-serving.ts';

/*
 * A kept connection whose requests repeat their head. What Node's server begins is counted by its own diagnostics; `routes` has no quick
 * models, so that all of its answers are those of Fastify's routes.
 */
let serving: TestServing;
let direct: CoreServer;
let routes: CoreServer;
const served: Served[] = [];
const open: Socket[] = [];
const parsed = { requests: 0 };
const count = (message: unknown): void => {
  const { request } = message as { readonly request: IncomingMessage };
  if (request.socket.localPort === direct.port) parsed.requests += 1;
};

beforeAll(async () => {
  serving = await openQuickServing();
  serving.serving.onServed((one) => void served.push(one));
  direct = await startCore(serving);
  routes = await startCore({ ...serving, serving: { ...serving.serving, quick: () => null } });
  await showQuick(routes.url);
  subscribe('http.server.request.start', count);
});
afterAll(async () => {
  unsubscribe('http.server.request.start', count);
  await direct.close();
  await routes.close();
  await serving.close();
});
beforeEach(() => {
  parsed.requests = served.length = direct.entries.length = 0;
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

type Asked = {
  readonly path?: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};
const headOf = ({ path = predict, body, headers = {} }: Asked): Buffer => {
  const all = { Host: '127.0.0.1', 'Content-Type': 'application/json', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}Content-Length: ${length}\r\n\r\n`);
};
const bytesOf = (asked: Asked): Buffer => Buffer.concat([headOf(asked), Buffer.from(asked.body)]);
const instances = (...values: number[]): string => JSON.stringify({ instances: [values] });

/** A connection that is kept; `ask` resolves with all that came back once that are so many answers more. */
function keep({ port }: CoreServer) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  open.push(socket);
  let text = '';
  let isClosed = false;
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => undefined);
  const ask = async (pieces: readonly Uint8Array[], { answers = 1, gapMs = 5 } = {}): Promise<string> => {
    text = '';
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await setTimeout(gapMs);
      socket.write(piece);
    }
    await expect.poll(() => wholeAnswers(text) >= answers || isClosed, { interval: 1 }).toBe(true);
    return text.replace(/^Date: .*$/gmu, 'Date: now');
  };
  return { socket, ask, isClosed: () => isClosed };
}
function wholeAnswers(text: string): number {
  let left = text;
  for (let found = 0; ; found += 1) {
    const end = left.indexOf('\r\n\r\n');
    const length = Number(/^content-length: (\d+)$/imu.exec(left.slice(0, end))?.[1] ?? 0);
    if (end < 0 || left.length < end + 4 + length) return found;
    left = left.slice(end + 4 + length);
  }
}
/** Until Node's server has read the head that is repeated from now on. */
async function settle(connection: ReturnType<typeof keep>, asked: Asked = { body: rows }): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await connection.ask([bytesOf(asked)]);
  parsed.requests = served.length = direct.entries.length = 0;
}

const tail = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
const json = JSON.stringify({
  inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP32', parameters: { binary_data_size: 16 } }],
  outputs: [{ name: 'y', parameters: { binary_data: true } }],
});
const kinds: Readonly<Record<string, readonly Asked[]>> = {
  'rows of TensorFlow Serving, of several lengths': [
    instances(1, 2, 3, 4),
    instances(1.25, 2, 3, 4),
    instances(10, 20, 30, 40.5),
  ].map((body) => ({ body })),
  'binary tensors behind JSON': [tail, Buffer.from(Float32Array.of(9, 8, 7, 6).buffer)].map((each) => ({
    path: infer,
    body: Buffer.concat([Buffer.from(json), each]),
    headers: {
      'Content-Type': 'application/octet-stream',
      'Inference-Header-Content-Length': String(json.length),
    },
  })),
};

for (const [name, all] of Object.entries(kinds))
  test(`${name}: the routes' own answers, and Node's server reads the first two`, async () => {
    const [alive, slow] = [keep(direct), keep(routes)];
    for (let turn = 0; turn < 6; turn += 1)
      for (const asked of all) {
        const found = await alive.ask([bytesOf(asked)]);
        expect(found).toBe(await slow.ask([bytesOf(asked)]));
        expect(statusesOf(found)).toEqual([200]);
      }
    expect(parsed.requests).toBe(2);
    expect(served.length).toBe(2 * 6 * all.length);
    expect(direct.entries).toHaveLength(6 * all.length);
    expect(direct.entries.at(-1)).toMatchObject({
      method: 'POST',
      path: all[0]!.path ?? predict,
      status: 200,
      program: 'loopback',
      model: 'row-scale',
      why: null,
    });
  });

test('a head and its body that come one after the other are one request', async () => {
  const alive = keep(direct);
  await settle(alive);
  for (let turn = 0; turn < 5; turn += 1) {
    const asked = { body: instances(turn, 2, 3, 4) };
    const found = await alive.ask([headOf(asked), Buffer.from(asked.body)], { gapMs: 1 });
    expect(found).toContain(`[[${2 * turn + 1}.0,5.0,7.0,9.0]]`);
  }
  // A client that is held up for longer than the head waits may bring some to Node's server.
  expect(direct.entries).toHaveLength(5);
  expect(served).toHaveLength(5);
});

test("a body that is late, in pieces or missing is waited for by Node's server", async () => {
  const alive = keep(direct);
  await settle(alive);
  const body = Buffer.from(rows);
  expect(statusesOf(await alive.ask([headOf({ body: rows }), body], { gapMs: 60 }))).toEqual([200]);
  const pieces = [headOf({ body: rows }), body.subarray(0, 9), body.subarray(9)];
  expect(statusesOf(await alive.ask(pieces))).toEqual([200]);
  expect(parsed.requests).toBe(2);
  await settle(alive);
  alive.socket.end(headOf({ body: rows }));
  await expect.poll(() => direct.entries.map(({ status }) => status)).toEqual([499]);
});

test('requests that come together are answered in their order, and the next one alone as before', async () => {
  const alive = keep(direct);
  await settle(alive);
  const many = [1, 2, 3].map((at) => bytesOf({ body: instances(at, 0, 0, 0) }));
  const found = await alive.ask([Buffer.concat(many)], { answers: 3 });
  expect([...found.matchAll(/\[\[(\d)\.0/gu)].map(([, first]) => first)).toEqual(['3', '5', '7']);
  await settle(alive);
  expect(statusesOf(await alive.ask([bytesOf({ body: rows })]))).toEqual([200]);
  expect(parsed.requests).toBe(0);
});

test('what stands in a head is never taken for a request', async () => {
  const alive = keep(direct);
  await settle(alive);
  const start = Buffer.from('POST /v1/models/other:predict HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Note: ');
  expect(statusesOf(await alive.ask([start, bytesOf({ body: rows })], { gapMs: 40 }))).toEqual([404]);
  expect(served.filter(({ code }) => code === 'ok')).toHaveLength(0);
});

test('bytes of a body are never taken for a request', async () => {
  const alive = keep(direct);
  await settle(alive);
  const inner = bytesOf({ body: rows });
  const outer = { path: '/v1/models/other:predict', body: inner };
  const found = await alive.ask([headOf(outer), inner], { gapMs: 40 });
  expect(statusesOf(found)).toEqual([404]);
  // The very head that is repeated, before a body that holds it again.
  const padded = `${' '.repeat(400)}${rows}`;
  const twice = { body: Buffer.concat([inner, Buffer.from(padded)]) };
  expect(statusesOf(await alive.ask([headOf(twice), inner, Buffer.from(padded)], { gapMs: 40 }))).toEqual([
    400,
  ]);
  await setTimeout(50);
  expect(served.filter(({ code }) => code === 'ok')).toHaveLength(0);
  expect(direct.entries.map(({ status }) => status)).toEqual([404, 400]);
});

test('what is wrong is refused by the routes, and the connection goes on', async () => {
  const [alive, slow] = [keep(direct), keep(routes)];
  await settle(alive);
  for (const body of ['{"instances": [[1, 2, 3]]}', '{', instances(1, 2, 3, 4)])
    expect(await alive.ask([bytesOf({ body })])).toBe(await slow.ask([bytesOf({ body })]));
  expect(direct.entries.map(({ status }) => status)).toEqual([400, 400, 200]);
});

test('an answer that is too large for this way is left to the routes, and counted once', async () => {
  const [alive, slow] = [keep(direct), keep(routes)];
  await settle(alive);
  const body = JSON.stringify({ instances: Array.from({ length: 200 }, (_, at) => [at, 1, 2, 3]) });
  const found = await alive.ask([bytesOf({ body })]);
  expect(served).toHaveLength(1);
  expect(found).toBe(await slow.ask([bytesOf({ body })]));
  expect(direct.entries).toHaveLength(1);
});

test('a token counts as long as it is known, on a connection that is kept too', async () => {
  const known = new Map<string, Caller>([['good', { program: 'Lab', models: null, isControl: false }]]);
  const core = await startCore(serving, { tokens: { find: (token) => known.get(token) ?? null } });
  const alive = keep(core);
  const asked = { body: rows, headers: { Authorization: 'Bearer good' } };
  for (let turn = 0; turn < 4; turn += 1)
    expect(statusesOf(await alive.ask([bytesOf(asked)]))).toEqual([200]);
  known.clear();
  expect(statusesOf(await alive.ask([bytesOf(asked)]))).toEqual([401]);
  await core.close();
});

test('memory of requests is given back', async () => {
  const core = await startCore(serving, { limits: { maxBodyBytes: 1_000, requestMemoryBytes: 64 * 1024 } });
  const alive = keep(core);
  for (let turn = 0; turn < 100; turn += 1)
    expect(statusesOf(await alive.ask([bytesOf({ body: rows })]))).toEqual([200]);
  await core.close();
});

test('a server that ends says so with its last answer', async () => {
  const core = await startCore(serving);
  const alive = keep(core);
  for (let turn = 0; turn < 4; turn += 1) await alive.ask([bytesOf({ body: rows })]);
  const closed = core.server.close({ graceMs: 5_000 });
  await setTimeout(20);
  const last = await alive.ask([bytesOf({ body: rows })]);
  expect(statusesOf(last)).toEqual([200]);
  expect(last).toMatch(/^connection: close\r$/imu);
  await closed;
});

test("an answer waits for those before it that Node's server still has under way", async () => {
  const late: TestServing['serving'] = {
    ...serving.serving,
    infer: async (request) => {
      await setTimeout(150);
      return serving.serving.infer(request);
    },
  };
  const core = await startCore({ ...serving, serving: late });
  const alive = keep(core);
  await settle(alive);
  const slow = { body: instances(100, 0, 0, 0).padEnd(90_000) };
  const pieces = [slow, { body: rows }, { body: instances(2, 0, 0, 0) }].map(bytesOf);
  const found = await alive.ask(pieces, { answers: 3, gapMs: 20 });
  expect([...found.matchAll(/\[\[(\d+)\.0/gu)].map(([, first]) => first)).toEqual(['201', '3', '5']);
  await core.close();
});

test('a program that always sends head and body apart is learnt from', async () => {
  const alive = keep(direct);
  const asked = { body: rows };
  for (let turn = 0; turn < 30; turn += 1)
    expect(statusesOf(await alive.ask([headOf(asked), Buffer.from(rows)], { gapMs: 1 }))).toEqual([200]);
  expect(served).toHaveLength(30);
  expect(parsed.requests).toBeLessThan(20);
});

test("a connection whose heads differ is left to Node's server, whatever comes then", async () => {
  const two = [{ body: rows }, { body: rows, headers: { 'X-Turn': 'other' } }];
  for (let before = 29; before < 36; before += 1) {
    const alive = keep(direct);
    for (let turn = 0; turn < before; turn += 1) await alive.ask([bytesOf(two[turn % 2]!)]);
    const last = two[(before + 1) % 2]!;
    const pieces = [headOf(last), Buffer.from(rows.slice(0, 9)), Buffer.from(rows.slice(9))];
    expect(statusesOf(await alive.ask(pieces, { gapMs: 2 }))).toEqual([200]);
    expect(statusesOf(await alive.ask([bytesOf(last)]))).toEqual([200]);
  }
  await expect.poll(() => direct.entries.every(({ status }) => status === 200)).toBe(true);
});
