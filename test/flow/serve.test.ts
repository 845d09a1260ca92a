import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { outpost, photo } from './cli-process.ts';
import { reloadGoodAndWrong, startVersions } from './reload-drill.ts';
import { endAll, load, post, startServe } from './serve-process.ts';
import { isAlive } from '../fixtures/is-alive.ts';
import { newFolder } from '../temp/folder.ts';

afterEach(endAll);
const rocket = readFileSync(photo('rocket.jpg'));
const tensors = JSON.stringify({
  instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }],
});
const predict = (url: string): string => `${url}/v1/models/tensor-demo:predict`;
const medianOf = (answers: readonly { ms: number }[]): number =>
  answers.map(({ ms }) => ms).sort((one, other) => one - other)[Math.floor(answers.length / 2)] ?? 0;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const withInference = (way: string): string[] => ['--inference', way, '--workers', '2', '--threads', '1'];
/** The way in which models run apart from HTTP; the other one has test/flow/serve-in-process.test.ts. */
const isolated = withInference('isolated');
const small = [...isolated, '--load', 'tensor-demo'];

test('answers, finishes what is under way when told to end, and leaves no process', async () => {
  const serve = await startServe(['--load', 'efficientnet-lite0', '--workers', '2', '--threads', '1']);
  await serve.until('Ready after');
  const first = await post(`${serve.url}/predict?top=1`, rocket);
  expect(first.status).toBe(200);
  expect(JSON.parse(first.body)).toMatchObject({ model: 'efficientnet-lite0', version: '1.0.0' });
  const asked = Array.from({ length: 12 }, () => post(`${serve.url}/predict?cache=false`, rocket));
  await wait(60);
  const children = serve.children();
  expect(children.length).toBeGreaterThan(0);
  serve.signal('SIGTERM');
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(await serve.end()).toBe(0);
  expect(children.filter(isAlive)).toEqual([]);
});

test('SIGHUP brings a new version in without a failed request, and keeps the old one when the new is wrong', async () => {
  const { serve, models } = await startVersions(small);
  const calls = load(4, () => post(predict(serve.url), tensors));
  await reloadGoodAndWrong(serve, models);
  // Some of them fell into the reloads; the others show that what was kept goes on.
  const during = calls.count();
  expect(during).toBeGreaterThan(0);
  await expect.poll(calls.count, { timeout: 20_000 }).toBeGreaterThan(during + 50);
  const answers = await calls.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});

test('SIGTTIN and SIGTTOU add and take a worker, never the last', async () => {
  const serve = await startServe(small);
  await serve.until('Ready after');
  const workers = () => serve.children().length;
  const before = workers();
  serve.signal('SIGTTIN');
  await expect.poll(workers).toBe(before + 1);
  for (let count = 0; count < 4; count += 1) {
    serve.signal('SIGTTOU');
    await wait(100);
  }
  await expect.poll(workers, { timeout: 10_000 }).toBe(before - 1);
  expect((await post(predict(serve.url), tensors)).status).toBe(200);
});

test('workers that are killed again and again under load fail at most what they had in hand', async () => {
  const serve = await startServe([...isolated, '--load', 'efficientnet-lite0']);
  await serve.until('Ready after');
  const calls = load(6, () => post(`${serve.url}/predict?cache=false`, rocket));
  const someAnswers = async (): Promise<void> => {
    const before = calls.count();
    await expect.poll(calls.count, { timeout: 60_000 }).toBeGreaterThan(before + 5);
  };
  for (let turn = 0; turn < 5; turn += 1) {
    await someAnswers();
    const [victim] = serve.children();
    if (victim !== undefined) process.kill(victim, 'SIGKILL');
  }
  await someAnswers();
  const answers = await calls.stop();
  const failed = answers.filter(({ status }) => status !== 200);
  expect(answers.length).toBeGreaterThan(20);
  // A killed worker had two at most, and each was tried once more.
  expect(failed.length).toBeLessThanOrEqual(10);
  for (const { status, body } of failed)
    expect([status, body]).toEqual([500, expect.stringContaining('worker-crashed')]);
  expect((await post(`${serve.url}/predict?cache=false`, rocket)).status).toBe(200);
});

test.each([['in-process'], ['isolated']])(
  'at four times what it can do, the rest is refused at once and as much is answered as before: %s',
  async (inference) => {
    const serve = await startServe([
      ...withInference(inference),
      '--load',
      'efficientnet-lite0',
      '--backlog',
      '8',
    ]);
    await serve.until('Ready after');
    const ask = () => post(`${serve.url}/predict?cache=false`, rocket);
    const goodOf = (answers: readonly { status: number }[], ms: number): number =>
      (answers.filter(({ status }) => status === 200).length * 1000) / ms;
    const begun = performance.now();
    const calls = load(6, ask);
    await wait(4_000);
    const usual = goodOf(await calls.stop(), performance.now() - begun);
    // Four times as many as were answered, whether or not those before are.
    const asked: ReturnType<typeof ask>[] = [];
    const flood = performance.now();
    while (performance.now() - flood < 5_000) {
      const due = ((performance.now() - flood) / 1000) * usual * 4;
      while (asked.length < due) asked.push(ask());
      await wait(5);
    }
    const ms = performance.now() - flood;
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    expect(refused.length).toBeGreaterThan(asked.length / 3);
    expect(goodOf(answers, ms)).toBeGreaterThan(0.6 * usual);
    // A refusal waits for nothing but the run that its worker is in, which is long while others use the computer.
    const good = answers.filter(({ status }) => status === 200);
    expect(medianOf(refused)).toBeLessThan(Math.max(50, 0.75 * medianOf(good)));
  },
);

test('a worker is replaced after as many requests as it was given, and nobody notices', async () => {
  const serve = await startServe([...small, '--max-requests', '40', '--max-requests-jitter', '10']);
  await serve.until('Ready after');
  const before = serve.children();
  const calls = load(4, () => post(predict(serve.url), tensors));
  await expect.poll(() => before.some((pid) => !isAlive(pid)), { timeout: 20_000 }).toBe(true);
  const answers = await calls.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a killed server leaves its memory to the next one to clear',
  async () => {
    const folders = (pid: number): string[] =>
      readdirSync('/dev/shm').filter((name) => name.startsWith(`outpost-${pid}-`));
    const killed = await startServe(small);
    await killed.until('Ready after');
    const { pid = 0 } = killed.child;
    expect(folders(pid)).toHaveLength(1);
    killed.child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(folders(pid)).toHaveLength(1);
    const next = await startServe(small);
    await next.until('Ready after');
    expect(folders(pid)).toEqual([]);
    expect(await next.end()).toBe(0);
    expect(folders(next.child.pid ?? 0)).toEqual([]);
  },
);

test('outside addresses need a token, and a wrong word in the file is named with the file', async () => {
  const open = await outpost(['serve', '--bind', '0.0.0.0:0', '--data', newFolder('serve')]);
  expect(open).toMatchObject({ code: 1, error: expect.stringContaining('bind-needs-token') as string });
  const folder = newFolder('serve-config');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'outpost.yaml');
  writeFileSync(file, 'workers: 2\nthread: 1\n');
  const wrong = await outpost(['serve', '--config', file, '--data', newFolder('serve')]);
  expect(wrong).toMatchObject({ code: 1, error: expect.stringContaining(file) as string });
  expect(wrong.error).toContain('thread');
});

test('tokens of a file let a client in, from a config file and the environment too', async () => {
  const folder = newFolder('serve-config');
  const tokens = path.join(folder, 'tokens');
  writeFileSync(tokens, 'lab:a-token-of-some-length\n', { mode: 0o600 });
  const file = path.join(folder, 'outpost.yaml');
  writeFileSync(file, `load: [tensor-demo]\nworkers: 1\ntoken-file: ${tokens}\n`);
  const serve = await startServe(['--config', file], { OUTPOST_MAX_BODY: '1kb' });
  await serve.until('Ready after');
  expect((await post(predict(serve.url), tensors)).status).toBe(401);
  const headers = { Authorization: 'Bearer a-token-of-some-length' };
  expect((await post(predict(serve.url), tensors, headers)).status).toBe(200);
  expect((await post(predict(serve.url), ' '.repeat(2000), headers)).status).toBe(413);
  expect((await fetch(`${serve.url}/v2/health/live`)).status).toBe(200);
});
