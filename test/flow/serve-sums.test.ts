import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openTestStore } from '../fixtures/open-store.ts';
import { writeTensorPack } from '../fixtures/tensor-pack.ts';
import { newFolder } from '../temp/folder.ts';
import { endAll, load, post, postOver, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { connectionOfEach, getOver, httpWorkers } from './serve-workers.ts';
import { askSlow, slowBody, slowPacks } from './slow-model.ts';

/* What holds for the sum of all HTTP workers, and is the same whichever of them is asked. */

afterEach(endAll);
const tensors = JSON.stringify({ instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] });
const predict = '/v1/models/tensor-demo:predict';
const inProcess = ['--inference', 'in-process', '--threads', '1'];
const small = [...inProcess, '--workers', '3', '--load', 'tensor-demo'];

/** Every value of /metrics that no passing of time changes. */
const countsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => /^(?:outpost_|:tensorflow)/u.test(line))
    .filter((line) => !/^outpost_(?:memory_bytes|utilisation_ratio|queue_wait_p95_seconds)/u.test(line));
const valueOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'mu').exec(text)?.[1]);
const metricsOf = async (serve: Serve): Promise<string> =>
  (await fetch(`${serve.url}/metrics`, { headers: { connection: 'close' } })).text();

test('metrics, statistics and the states of models are the same in every worker', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  const connections = await connectionOfEach(serve);
  expect(new Set(connections.keys())).toEqual(new Set(httpWorkers(serve)));
  // Each worker another number of them, some of which are refused.
  let turn = 0;
  for (const agent of connections.values()) {
    turn += 1;
    for (let count = 0; count < 3 * turn; count += 1)
      expect((await postOver(agent, serve.url + predict, { body: tensors })).status).toBe(200);
    expect((await postOver(agent, serve.url + predict, { body: '{"instances": [7]}' })).status).toBe(400);
  }
  const ofEach = async (target: string): Promise<readonly string[]> => {
    const texts: string[] = [];
    for (const agent of connections.values()) texts.push((await getOver(agent, serve.url + target)).body);
    return texts;
  };
  const metrics = await ofEach('/metrics');
  expect(valueOf(metrics[0]!, 'outpost_workers')).toBe(3);
  expect(metrics[0]).toMatch(/^outpost_requests_total\{[^}]*status="ok"[^}]*\} 18$/mu);
  // Asking for metrics is counted as well.
  const [first, ...others] = metrics.map((text) =>
    countsOf(text).filter((line) => !line.startsWith('outpost_http_')),
  );
  expect(first!.length).toBeGreaterThan(30);
  for (const other of others) expect(other).toEqual(first);
  const statistics = await ofEach('/v2/models/tensor-demo/stats');
  expect(JSON.parse(statistics[0]!)).toMatchObject({ model_stats: [{ inference_count: 18 }] });
  expect(new Set(statistics).size).toBe(1);
  for (const agent of connections.values()) agent.destroy();
});

test('a model that one worker loads when it is asked is available in the answers of all', async () => {
  const folder = newFolder('models');
  const row = (name: string) => ({ name, type: 'float32' as const, shape: ['N'] });
  for (const id of ['one', 'two'])
    writeTensorPack(folder, id, {
      nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
      inputs: [row('x')],
      outputs: [row('y')],
    });
  const serve = await startServe(
    inProcess.concat('--workers', '2', '--load', 'none', '--max-loaded', '1', '--models', folder),
  );
  await serve.until('Ready after');
  const connections = await connectionOfEach(serve);
  const [first, second] = [...connections.values()];
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], data: [1, 2] }] });
  const infer = async (agent: typeof first, model: string): Promise<number> =>
    (await postOver(agent!, `${serve.url}/v2/models/${model}/infer`, { body })).status;
  const stateIn = async (agent: typeof first, model: string): Promise<string> => {
    const { body: text } = await getOver(agent!, `${serve.url}/v1/models/${model}`);
    const { model_version_status: versions } = JSON.parse(text) as {
      model_version_status: readonly { readonly state: string }[];
    };
    return versions[0]!.state;
  };
  /** Of both models, as each worker says. */
  const ready = () =>
    Promise.all(
      [first, second].map(async (agent) => {
        const states = [await stateIn(agent, 'one'), await stateIn(agent, 'two')];
        return ['one', 'two'].filter((_, at) => states[at] === 'AVAILABLE');
      }),
    );
  expect(await infer(first, 'one')).toBe(200);
  await expect.poll(ready).toEqual([['one'], ['one']]);
  // Another worker has another model: together they would have two, and one is what was asked for.
  expect(await infer(second, 'two')).toBe(200);
  await expect.poll(ready).toEqual([['two'], ['two']]);
  expect(await infer(first, 'one')).toBe(200);
  await expect.poll(ready).toEqual([['one'], ['one']]);
  for (const agent of connections.values()) agent.destroy();
});

test('the memory for requests is that of all workers together, however many there are', async () => {
  const mebibyte = 1024 ** 2;
  const serve = await startServe([...small, '--request-memory', '24mb', '--max-body', '4mb']);
  await serve.until('Ready after');
  const { hostname, port } = new URL(serve.url);
  const head = `POST ${predict} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: ${4 * mebibyte}\r\n\r\n`;
  const sockets: Socket[] = [];
  let refused = 0;
  /** A client that has sent most of its body and waits. */
  const hold = (bytes: number): void => {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      if (bytes.toString('latin1').startsWith('HTTP/1.1 503')) refused += 1;
    });
    socket.write(head);
    socket.write(Buffer.alloc(bytes));
  };
  for (let count = 0; count < 16; count += 1) hold(3 * mebibyte);
  // 48 MiB want in: at most two fit into each of the three workers.
  await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThanOrEqual(10);
  // A worker that is full refuses this, too; whoever asks again meets another one.
  let text = '';
  await expect
    .poll(async () => valueOf((text = await metricsOf(serve)), 'outpost_request_memory_limit_bytes'))
    .toBe(24 * mebibyte);
  expect(valueOf(text, 'outpost_request_memory_refused_total')).toBeGreaterThanOrEqual(10);
  const held = valueOf(text, 'outpost_request_memory_bytes');
  expect(held).toBeGreaterThan(2 * mebibyte);
  expect(held).toBeLessThanOrEqual(24 * mebibyte);
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(async () => valueOf(await metricsOf(serve), 'outpost_request_memory_bytes'))
    .toBeLessThan(mebibyte);
  // A fourth worker takes its part from the others; the whole stays.
  serve.signal('SIGTTIN');
  await expect.poll(() => httpWorkers(serve).length).toBe(4);
  await expect.poll(async () => valueOf(await metricsOf(serve), 'outpost_workers')).toBe(4);
  expect(valueOf(await metricsOf(serve), 'outpost_request_memory_limit_bytes')).toBe(24 * mebibyte);
  refused = 0;
  for (let count = 0; count < 16; count += 1) hold(2.5 * mebibyte);
  // Six MiB each now: two fit, and some for whoever asks for metrics.
  await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThanOrEqual(8);
  let heldThen = Number.NaN;
  await expect
    .poll(async () => (heldThen = valueOf(await metricsOf(serve), 'outpost_request_memory_bytes')))
    .toBeGreaterThan(2 * mebibyte);
  expect(heldThen).toBeLessThanOrEqual(24 * mebibyte);
  for (const socket of sockets) socket.destroy();
});

test('no more requests wait than the backlog has, in all workers together', async () => {
  const models = slowPacks(12);
  const serve = await startServe(
    inProcess.concat('--workers', '2', '--load', 'slow', '--models', models, '--backlog', '4'),
  );
  await serve.until('Ready after');
  const sent = slowBody();
  const asked = Promise.all(Array.from({ length: 40 }, () => askSlow(serve, false, sent)));
  // A probe on a connection of its own is no request that may be refused: whoever fails it is started anew.
  const live = await fetch(`${serve.url}/v2/health/live`, { headers: { connection: 'close' } });
  expect(live.status).toBe(200);
  const answers = await asked;
  const good = answers.filter(({ status }) => status === 200).length;
  expect(good + answers.filter(({ status }) => status === 503).length).toBe(40);
  // Most are refused ahead of every model.
  expect(median(answers, 503)).toBeLessThan(median(answers, 200) / 2);
  // Four that wait, two in hand of each worker, and what came when a place was free again: without a backlog all would be good.
  expect(good).toBeGreaterThanOrEqual(4);
  expect(good).toBeLessThan(24);
});

const median = (answers: readonly { status: number | null; ms: number }[], of: number): number => {
  const all = answers.filter(({ status }) => status === of).map(({ ms }) => ms);
  return all.toSorted((one, other) => one - other)[all.length >> 1] ?? Number.NaN;
};

test('what workers of an earlier generation answered stays in the sums', async () => {
  const data = newFolder('serve');
  const serve = await startServe([...small, '--data', data]);
  await serve.until('Ready after');
  const calls = load(6, () => post(serve.url + predict, tensors));
  await expect.poll(calls.count).toBeGreaterThan(100);
  serve.signal('SIGHUP');
  await serve.until('Reloaded:');
  const answers = await calls.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const total = async (): Promise<number> => valueOf(await metricsOf(serve), 'outpost_requests_total');
  // Those of workers that have ended stay in it.
  await expect.poll(total).toBe(answers.length);
  // Monitor has them as well, of every worker and generation.
  expect(await serve.end()).toBe(0);
  const store = await openTestStore(data);
  const now = Math.floor(Date.now() / 60_000) * 60;
  const { sums } = await store.series({ from: now - 600, to: now + 120, step: 60, client: 'http' });
  await store.close();
  expect(sums.reduce((all, { answered }) => all + answered, 0)).toBe(answers.length);
});
