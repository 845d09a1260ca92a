import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { openHttpServer } from '../../main/http/index.ts';
import { createApiServer } from '../../main/app/server.ts';
import type { ApiServer } from '../../main/app/server.ts';
import { openTestEngine } from '../fakes/engine.ts';

let opened: OpenedEngine;
let api: ApiServer;
let changes: number;
beforeEach(async () => {
  opened = await openTestEngine();
  changes = 0;
  api = createApiServer({
    opened: () => Promise.resolve(opened),
    loadHttp: () => Promise.resolve({ openHttpServer }),
    appVersion: '0.1.0',
    onChange: () => (changes += 1),
    onAsked: () => {},
    log: () => {},
  });
});
afterEach(async () => {
  await api.close();
  await opened.close({ graceMs: 1_000 });
});

const listen = (port = 0): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
const end = (server: Server) => new Promise((done) => server.close(done));
async function freePort(): Promise<number> {
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  await end(server);
  return port;
}
const set = (patch: Parameters<OpenedEngine['engine']['settings']['set']>[0]) =>
  opened.engine.settings.set(patch);
const kind = async () => (await api.report()).state.kind;
const ask = (port: number, token?: string) =>
  fetch(`http://127.0.0.1:${port}/v1/models/tensor-demo`, {
    headers: { connection: 'close', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });

it('is off at first, answers with a token when it is on, and moves with the port', async () => {
  await api.follow();
  expect(await kind()).toBe('off');
  const [first, second] = [await freePort(), await freePort()];
  await set({ apiBind: `127.0.0.1:${first}`, apiOn: true });
  await expect.poll(kind).toBe('on');
  expect((await ask(first)).status).toBe(401);
  const made = await (await api.access()).create({ name: 'test', models: null, isControl: false });
  if (!made.ok) throw new Error(made.fault.message);
  expect((await ask(first, made.value.text)).status).toBe(200);
  expect(api.requests().map(({ status, program }) => [status, program])).toEqual([
    [200, 'test'],
    [401, null],
  ]);
  expect(api.requests().map(({ why }) => why?.code ?? null)).toEqual([null, 'token-missing']);
  await fetch(`http://127.0.0.1:${first}/v1/models/tensor-demo:predict`, {
    method: 'POST',
    body: '',
    headers: { connection: 'close', authorization: `Bearer ${made.value.text}` },
  });
  await expect.poll(() => api.requests()[0]?.why?.params['reason']).toBe('an object is missing (byte 0)');
  expect(changes).toBeGreaterThan(2);
  await set({ apiBind: `127.0.0.1:${second}` });
  await expect.poll(async () => (await api.report()).state).toMatchObject({ kind: 'on', port: second });
  await expect(ask(first, made.value.text)).rejects.toThrow();
  expect((await ask(second, made.value.text)).status).toBe(200);
  await set({ apiOn: false });
  await expect.poll(kind).toBe('off');
  await expect(ask(second, made.value.text)).rejects.toThrow();
});

it('ends as the switch was pressed last', async () => {
  const port = await freePort();
  await set({ apiBind: `127.0.0.1:${port}` });
  await api.follow();
  for (const apiOn of [true, false, true, false, true]) void set({ apiOn });
  await expect.poll(kind).toBe('on');
  for (const apiOn of [false, true, false]) await set({ apiOn });
  await expect.poll(kind).toBe('off');
  await expect(ask(port)).rejects.toThrow();
});

it('says that a port is taken, names a free one, and answers once it is free', async () => {
  const other = await listen();
  const { port } = other.address() as AddressInfo;
  await set({ apiBind: `127.0.0.1:${port}`, apiOn: true });
  await api.follow();
  const { state } = await api.report();
  if (state.kind !== 'failed') throw new Error(state.kind);
  expect(state.fault.code).toBe('address-in-use');
  expect(state.freePort).toBeGreaterThan(port);
  // Another setting changes nothing about it; asking again does.
  await set({ theme: 'dark' });
  expect(await kind()).toBe('failed');
  await end(other);
  await api.restart();
  expect(await kind()).toBe('on');
});

it('lists the last 200 requests, newest first', async () => {
  const port = await freePort();
  await set({ apiBind: `127.0.0.1:${port}`, apiOn: true });
  await api.follow();
  for (let n = 0; n < 205; n += 1) await ask(port);
  const requests = api.requests();
  expect(requests).toHaveLength(200);
  expect([requests[0]?.seq, requests.at(-1)?.seq]).toEqual([205, 6]);
});
