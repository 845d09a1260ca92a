import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AccessEntry } from '../../../main/http/index.ts';
import type { Served } from '../../../contract/serving/serving.ts';
import { anyone, startCore, statusesOf, talk, tokens } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';
import { infer, openQuickServing, predict, rows, showQuick } from './quick-serving.ts';

/*
 * Two servers over one engine with its model in this process: `direct` may answer as requests come off Node's server, `routes` has no quick
 * models and answers everything by Fastify's routes. What a client gets, and what is reported, has to be the same of both.
 */
let test_: TestServing;
let direct: CoreServer;
let routes: CoreServer;
const ways = { direct: 0, routes: 0 };
const served: Served[] = [];

beforeAll(async () => {
  test_ = await openQuickServing();
  const { serving } = test_;
  serving.onServed((one) => void served.push(one));
  const counting: TestServing['serving'] = {
    ...serving,
    quick: (version) => {
      const infer = serving.quick(version);
      return (
        infer &&
        ((request) => {
          const result = infer(request);
          if (result) ways.direct += 1;
          return result;
        })
      );
    },
    infer: (request) => {
      ways.routes += 1;
      return serving.infer(request);
    },
  };
  const options = { tokens: null, corsOrigins: ['https://lab.example'], limits: { maxBodyBytes: 100_000 } };
  direct = await startCore({ ...test_, serving: counting }, options);
  routes = await startCore({ ...test_, serving: { ...counting, quick: () => null } }, options);
  await showQuick(routes.url);
});
afterAll(async () => {
  await direct.close();
  await routes.close();
  await test_.close();
});
beforeEach(() => {
  ways.direct = ways.routes = served.length = 0;
  direct.entries.length = routes.entries.length = 0;
});

const columns = JSON.stringify({ inputs: { x: [[1, 2.5, -0, 4e3]] } });
const values = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
const oip = (more: object = {}, input: object = {}): string =>
  JSON.stringify({
    inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP32', data: [1, 2, 3, 4], ...input }],
    ...more,
  });
const head = oip(
  { id: 'é', outputs: [{ name: 'y', parameters: { binary_data: true } }] },
  { data: undefined, parameters: { binary_data_size: 16 } },
);
const lengthOf = (text: string): string => String(Buffer.byteLength(text));

type Asked = {
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
};
const binary = (
  text: string,
  tail: Uint8Array,
  length = lengthOf(text),
): Pick<Asked, 'body' | 'headers'> => ({
  body: Buffer.concat([Buffer.from(text), tail]),
  headers: { 'Inference-Header-Content-Length': length, 'Content-Type': 'application/octet-stream' },
});

/** A request byte by byte, on a connection that is closed behind it. */
function bytesOf({ path, body, headers = {}, method = 'POST' }: Asked): Buffer {
  const all = { Host: '127.0.0.1', 'Content-Type': 'application/json', Connection: 'close', ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === '' ? [] : [`${name}: ${value}\r\n`],
  );
  const bytes = Buffer.from(body);
  const length = 'Transfer-Encoding' in headers ? '' : `Content-Length: ${bytes.byteLength}\r\n`;
  const start = `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n`;
  return Buffer.concat([Buffer.from(start), bytes]);
}
const plain = (text: string): string => text.replace(/^Date: .*$/gmu, 'Date: now');
const entryOf = ({ at, ms, ...rest }: AccessEntry): object => ({ ...rest, isTimed: at > 0 && ms >= 0 });
const countOf = ({ model, version, kind, client, code, rows: count, batchRows, cached }: Served): object => ({
  model,
  version,
  kind,
  client,
  code,
  count,
  batchRows,
  cached,
});

/** What one server gives to a request, and what it reports of it. */
async function outcomeOf(core: CoreServer, pieces: readonly Uint8Array[]) {
  served.length = 0;
  const { text } = await talk(core.port, pieces, { gapMs: pieces.length > 1 ? 20 : 0 });
  await expect.poll(() => core.entries.length).toBeGreaterThan(0);
  return { text: plain(text), entries: core.entries.map(entryOf), served: served.map(countOf) };
}

const answeredAtOnce: Readonly<Record<string, Asked>> = {
  'rows of TensorFlow Serving': { path: predict, body: rows },
  'columns of TensorFlow Serving': { path: predict, body: columns },
  'a version by its number': { path: '/v1/models/row-scale/versions/1000000:predict', body: rows },
  'an inference as JSON': { path: infer, body: oip() },
  'an inference of a version, with an id and an output': {
    path: '/v2/models/row-scale/versions/1.0.0/infer',
    body: oip({ id: '"7"', outputs: [{ name: 'y' }], parameters: { unknown: 1 } }),
  },
  'binary tensors behind JSON': { path: infer, ...binary(head, values) },
  'JSON in, binary out': {
    path: infer,
    ...binary(oip({ parameters: { binary_data_output: true } }), Buffer.alloc(0)),
  },
  'a raw tensor': { path: infer, ...binary('', values) },
  'a form, as curl sends': {
    path: predict,
    body: rows,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  },
  'numbers that JSON has not': { path: infer, body: oip({}, { data: ['NaN', 'Infinity', -0, 1e-7] }) },
};
const leftToRoutes: Readonly<Record<string, Asked>> = {
  'no JSON': { path: predict, body: '{"instances": [[1, 2, 3' },
  'a wrong shape': { path: predict, body: '{"instances": [[1, 2, 3]]}' },
  'a wrong type': { path: infer, body: oip({}, { datatype: 'INT64' }) },
  'an unknown input': { path: infer, body: oip({}, { name: 'z' }) },
  'an unknown output': { path: infer, body: oip({ outputs: [{ name: 'z' }] }) },
  'a name twice': { path: infer, body: `{"id":"1","id":"2",${oip().slice(1)}` },
  'a head that is too long': { path: infer, ...binary(head, values, '9999') },
  'a tail that is too short': { path: infer, ...binary(head, values.subarray(4)) },
  'an unknown model': { path: '/v1/models/other:predict', body: rows },
  'an unknown version': { path: '/v2/models/row-scale/versions/9/infer', body: oip() },
  'another method': { path: infer, body: oip(), method: 'PUT' },
  'no body': { path: infer, body: '' },
  'a foreign host': { path: predict, body: rows, headers: { Host: 'evil.example' } },
  'a foreign origin': { path: predict, body: rows, headers: { Origin: 'https://evil.example' } },
  'an allowed origin': { path: predict, body: rows, headers: { Origin: 'https://lab.example' } },
  'a media type that is none': { path: predict, body: rows, headers: { 'Content-Type': 'json' } },
  'no media type': { path: predict, body: rows, headers: { 'Content-Type': '' } },
  'an encoding': { path: predict, body: rows, headers: { 'Content-Encoding': 'zstd' } },
  chunks: {
    path: predict,
    body: `${rows.length.toString(16)}\r\n${rows}\r\n0\r\n\r\n`,
    headers: { 'Transfer-Encoding': 'chunked' },
  },
  'an invitation first': { path: predict, body: rows, headers: { Expect: '100-continue' } },
  'the k best': { path: infer, body: oip({ outputs: [{ name: 'y', parameters: { classification: 2 } }] }) },
  'a deadline': { path: infer, body: oip({ parameters: { timeout: 30_000_000 } }) },
  'a query': { path: `${predict}?x=1`, body: rows },
  'too much': { path: predict, body: ' '.repeat(100_001) },
  'more than is read at once': { path: predict, body: rows.padEnd(90_000) },
};

for (const [name, asked] of Object.entries(answeredAtOnce))
  test(`${name}: answered at once, byte for byte as by the routes`, async () => {
    const found = await outcomeOf(direct, [bytesOf(asked)]);
    expect(ways).toEqual({ direct: 1, routes: 0 });
    expect(found.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/u);
    expect(found.entries).toMatchObject([
      { status: 200, model: 'row-scale', program: 'loopback', why: null },
    ]);
    expect(found.served).toMatchObject([{ model: 'row-scale', code: 'ok' }]);
    expect(await outcomeOf(routes, [bytesOf(asked)])).toEqual(found);
    expect(ways).toEqual({ direct: 1, routes: 1 });
  });

for (const [name, asked] of Object.entries(leftToRoutes))
  test(`${name}: left to the routes, and counted once`, async () => {
    const found = await outcomeOf(direct, [bytesOf(asked)]);
    expect(ways.direct).toBe(0);
    expect(await outcomeOf(routes, [bytesOf(asked)])).toEqual(found);
  });

test('the same JSON before other tensors is answered for each of them, and refused for one of another size', async () => {
  const text = oip({}, { data: undefined, parameters: { binary_data_size: 16 } });
  const ask = (tail: Uint8Array) => bytesOf({ path: infer, ...binary(text, tail) });
  const found = [];
  for (const tail of [values, Buffer.from(Float32Array.of(5, 6, 7, 8).buffer), values.subarray(4), values]) {
    direct.entries.length = routes.entries.length = 0;
    const one = await outcomeOf(direct, [ask(tail)]);
    expect(await outcomeOf(routes, [ask(tail)])).toEqual(one);
    found.push(one.text);
  }
  expect(found.map((each) => statusesOf(each)[0])).toEqual([200, 200, 400, 200]);
  expect(found[3]).toBe(found[0]);
  expect(found[1]).not.toBe(found[0]);
});

test('a body in pieces is answered at once when the last one came', async () => {
  const bytes = bytesOf({ path: infer, ...binary(head, values) });
  const pieces = [bytes.subarray(0, -40), bytes.subarray(-40, -3), bytes.subarray(-3)];
  const found = await outcomeOf(direct, pieces);
  expect(ways).toEqual({ direct: 1, routes: 0 });
  expect(await outcomeOf(routes, pieces)).toEqual(found);
});

test('requests of one connection that came together are answered in their order', async () => {
  const ask = (id: number, close = false): Buffer =>
    bytesOf({ path: infer, body: oip({ id: String(id) }), headers: { Connection: close ? 'close' : '' } });
  const bad = bytesOf({ path: infer, body: '{', headers: { Connection: '' } });
  const together = Buffer.concat([
    ask(1),
    bad,
    ask(2),
    ask(3),
    ask(4),
    ask(5),
    ask(6),
    ask(7),
    ask(8),
    ask(9),
    ask(10, true),
  ]);
  const { text } = await talk(direct.port, [together]);
  expect(statusesOf(text)).toEqual([200, 400, ...Array.from({ length: 9 }, () => 200)]);
  expect([...text.matchAll(/"id":"(\d+)"/gu)].map(([, id]) => Number(id))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  await expect.poll(() => direct.entries.length).toBe(11);
});

test('a client that leaves before its body came costs no run, and is reported as 499', async () => {
  const bytes = bytesOf({ path: predict, body: rows });
  for (const core of [direct, routes]) {
    await talk(core.port, [bytes.subarray(0, -5)], { forMs: 1_000 });
    await expect.poll(() => core.entries.length).toBe(1);
    expect(core.entries[0]).toMatchObject({ status: 499, program: 'loopback', model: null, path: predict });
  }
  expect(ways).toEqual({ direct: 0, routes: 0 });
});

test('where tokens are needed each request shows its own', async () => {
  const core = await startCore({ ...test_, serving: test_.serving }, { tokens, anyone });
  const statuses = [];
  for (const token of ['good', 'narrow', 'bad', '']) {
    const headers = new Headers(token === '' ? [] : [['authorization', `Bearer ${token}`]]);
    statuses.push((await fetch(`${core.url}${predict}`, { method: 'POST', headers, body: rows })).status);
  }
  expect(statuses).toEqual([200, 403, 401, 401]);
  expect(core.entries.map(({ program }) => program)).toEqual(['Lab notebook', 'Counter', null, null]);
  await core.close();
});

test('memory of requests is given back, also of those that came behind others and of those whose client left', async () => {
  const core = await startCore(test_, { limits: { maxBodyBytes: 1_000, requestMemoryBytes: 64 * 1024 } });
  const many = Array.from({ length: 8 }, (_, at) =>
    bytesOf({ path: predict, body: rows, ...(at < 7 && { headers: { Connection: '' } }) }),
  );
  for (let turn = 0; turn < 20; turn += 1) {
    await talk(core.port, [Buffer.concat(many).subarray(0, -5)], { forMs: 20 });
    const { text } = await talk(core.port, [Buffer.concat(many)]);
    expect(statusesOf(text)).toEqual(Array.from({ length: 8 }, () => 200));
  }
  await core.close();
});
