import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { photo } from './cli-process.ts';
import { reloadGoodAndWrong, startVersions } from './reload-drill.ts';
import { endAll, load, post, postOver, startServe } from './serve-process.ts';
import { httpWorkers } from './serve-workers.ts';
import { isAlive } from '../fixtures/is-alive.ts';
import { newFolder } from '../temp/folder.ts';

afterEach(endAll);
const rocket = readFileSync(photo('rocket.jpg'));
const tensors = JSON.stringify({ instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] });
const predict = (url: string): string => `${url}/v1/models/tensor-demo:predict`;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const inProcess = ['--inference', 'in-process', '--workers', '2', '--threads', '1'];
const small = [...inProcess, '--load', 'tensor-demo'];

test('two HTTP workers answer as one: each has its connections, and the counts are the sums', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  expect(httpWorkers(serve)).toHaveLength(2);
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(predict(serve.url), tensors)));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  const counted = async (): Promise<number> => {
    const text = await (await fetch(`${serve.url}/metrics`, { headers: { connection: 'close' } })).text();
    return Number(/^outpost_requests_total\{[^}]*model="tensor-demo"[^}]*\} (\d+)$/mu.exec(text)?.[1]);
  };
  // Whichever worker is asked.
  for (let turn = 0; turn < 4; turn += 1) expect(await counted()).toBe(8);
  const statistics = async (): Promise<number> => {
    const response = await fetch(`${serve.url}/v2/models/tensor-demo/stats`, {
      headers: { connection: 'close' },
    });
    const { model_stats } = (await response.json()) as { model_stats: { inference_count: number }[] };
    return model_stats[0]!.inference_count;
  };
  for (let turn = 0; turn < 4; turn += 1) expect(await statistics()).toBe(8);
  expect(await serve.end()).toBe(0);
});

test('a photo is answered from the store when it is asked again, of whichever worker', async () => {
  const serve = await startServe([...inProcess, '--load', 'efficientnet-lite0']);
  await serve.until('Ready after');
  const ask = async (): Promise<{ cached: boolean; result: unknown }> =>
    JSON.parse((await post(`${serve.url}/predict?top=1`, rocket, { connection: 'close' })).body);
  const first = await ask();
  expect(first.cached).toBe(false);
  // It is written in a group, and a busy machine writes late.
  await expect.poll(async () => (await ask()).cached, { timeout: 20_000 }).toBe(true);
  for (let turn = 0; turn < 4; turn += 1)
    expect(await ask()).toMatchObject({ cached: true, result: first.result });
});

test('an answer that was given right before a kill may be computed again, and is the same', async () => {
  const serve = await startServe([...inProcess, '--load', 'efficientnet-lite0']);
  await serve.until('Ready after');
  const ask = async (): Promise<{ cached: boolean; result: unknown }> =>
    JSON.parse((await post(`${serve.url}/predict?top=3`, rocket, { connection: 'close' })).body);
  const first = await ask();
  const victims = httpWorkers(serve);
  for (const victim of victims) process.kill(victim, 'SIGKILL');
  await expect.poll(() => victims.filter(isAlive)).toEqual([]);
  expect((await ask()).result).toEqual(first.result);
  await expect.poll(async () => (await ask()).cached, { timeout: 20_000 }).toBe(true);
  expect((await ask()).result).toEqual(first.result);
});

test('what concerns the workers alone is read from the config again, for the workers of the next generation', async () => {
  const config = path.join(newFolder(), 'outpost.yaml');
  writeFileSync(config, 'keep-alive: 40\n');
  const serve = await startServe([...small, '--config', config]);
  await serve.until('Ready after');
  const ask = async () => {
    const answer = await fetch(predict(serve.url), { method: 'POST', body: tensors });
    await answer.text();
    return answer.headers.get('keep-alive');
  };
  const hits = async (): Promise<number> => {
    const text = await (await fetch(`${serve.url}/metrics`, { headers: { connection: 'close' } })).text();
    return Number(/^outpost_cache_hits_total\{model="tensor-demo"[^}]*\} (\d+)$/mu.exec(text)?.[1]);
  };
  expect(await ask()).toBe('timeout=40');
  const before = httpWorkers(serve);
  writeFileSync(config, 'keep-alive: 7\ncache: all\ndecode: fast\n');
  serve.signal('SIGHUP');
  await serve.until('Reloaded:');
  expect(serve.output()).not.toContain('before until the next start');
  await expect.poll(() => before.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  expect(await ask()).toBe('timeout=7');
  await expect.poll(async () => (await ask(), await hits()), { timeout: 20_000 }).toBeGreaterThan(0);
});

test('SIGHUP brings a new generation without a failed request, and keeps the old one when the new is wrong', async () => {
  const { serve, models } = await startVersions(small);
  const before = httpWorkers(serve);
  const calls = load(4, () => post(predict(serve.url), tensors));
  await reloadGoodAndWrong(serve, models);
  await wait(500);
  const answers = await calls.stop();
  expect(answers.length).toBeGreaterThan(50);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  await expect.poll(() => before.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  // Those of the generation between may still drain.
  await expect.poll(() => httpWorkers(serve).length, { timeout: 20_000 }).toBe(2);
});

test('a worker that is killed each second takes its own requests along and nothing else', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  // As many connections as there are clients: of an idle one that broke unseen a client would lose another request.
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const calls = load(4, () => postOver(agent, predict(serve.url), { body: tensors }));
  let slowestMs = 0;
  for (let turn = 0; turn < 5; turn += 1) {
    const before = calls.count();
    await wait(1_000);
    // The other one answers, or who came in the place of the last victim.
    await expect.poll(() => calls.count() - before, { timeout: 30_000 }).toBeGreaterThan(40);
    const [victim] = httpWorkers(serve);
    process.kill(victim!, 'SIGKILL');
    const begun = performance.now();
    await expect.poll(() => httpWorkers(serve).filter((pid) => pid !== victim).length).toBe(2);
    slowestMs = Math.max(slowestMs, performance.now() - begun);
  }
  await wait(1_000);
  const answers = await calls.stop();
  agent.destroy();
  const failed = answers.filter(({ status }) => status !== 200);
  expect(answers.length).toBeGreaterThan(200);
  // A killed worker had at most the requests of its connections, which are as many as there are clients.
  expect(failed.length).toBeLessThanOrEqual(5 * 4);
  for (const { status } of failed) expect(status).toBe(0);
  expect(slowestMs).toBeLessThan(1_500);
});

test('connections that a worker had not read when it was killed are answered by another', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  const [victim] = httpWorkers(serve);
  // As one that is inside a model: what it is handed stays in its channel.
  process.kill(victim!, 'SIGSTOP');
  let answered = 0;
  const asked = Array.from({ length: 12 }, () =>
    post(predict(serve.url), tensors, { connection: 'close' }).then(({ status, ms }) => {
      answered += 1;
      return { status, ms };
    }),
  );
  // One lies in the channel and waits; the others were not handed to who takes nothing.
  await expect.poll(() => answered).toBe(11);
  await wait(300);
  expect(answered).toBe(11);
  process.kill(victim!, 'SIGKILL');
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
});

test('an arbiter that is killed takes its workers along, and the next start finds nothing in its way', async () => {
  const data = newFolder('serve');
  const serve = await startServe([...small, '--data', data]);
  await serve.until('Ready after');
  const workers = httpWorkers(serve);
  serve.child.kill('SIGKILL');
  await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  const next = await startServe([...small, '--data', data]);
  await next.until('Ready after');
  expect((await post(predict(next.url), tensors)).status).toBe(200);
  expect(await next.end()).toBe(0);
});

test('a worker is replaced after as many requests as it was given, and nobody notices', async () => {
  const serve = await startServe([...small, '--max-requests', '100', '--max-requests-jitter', '10']);
  await serve.until('Ready after');
  const before = httpWorkers(serve);
  const calls = load(4, () => post(predict(serve.url), tensors));
  await expect.poll(() => before.filter(isAlive), { timeout: 30_000 }).toEqual([]);
  const answers = await calls.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});

test('SIGTTIN and SIGTTOU add and take a worker, never the last; tokens of a file count in each', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  serve.signal('SIGTTIN');
  await expect.poll(() => httpWorkers(serve).length).toBe(3);
  for (let count = 0; count < 4; count += 1) {
    serve.signal('SIGTTOU');
    await wait(100);
  }
  await expect.poll(() => httpWorkers(serve).length, { timeout: 20_000 }).toBe(1);
  expect((await post(predict(serve.url), tensors)).status).toBe(200);
});

test('large bodies that come at once on many connections arrive whole', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  const { hostname, port } = new URL(serve.url);
  // Each is written in one go as the connection opens: the first bytes are read by one process, the rest by another.
  const padded = Buffer.concat([Buffer.alloc(700_000, ' '), Buffer.from(tensors)]);
  const head = `POST /v1/models/tensor-demo:predict HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\nContent-Length: ${padded.byteLength}\r\n\r\n`;
  const ask = () =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect({ host: hostname, port: Number(port) });
      socket.setTimeout(15_000, () => socket.destroy());
      socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
      socket.write(Buffer.concat([Buffer.from(head), padded]));
    });
  for (let turn = 0; turn < 3; turn += 1) {
    const answers = await Promise.all(Array.from({ length: 16 }, ask));
    expect(answers.map((text) => text.slice(0, 15))).toEqual(Array(16).fill('HTTP/1.1 200 OK'));
  }
});
