import { afterEach, expect, test } from 'vitest';
import { writeTensorPack } from '../fixtures/tensor-pack.ts';
import { newFolder } from '../temp/folder.ts';
import { endAll, load, post, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';

/* A real model that crashes its process: on x86, the division of the least whole number by -1 is SIGFPE. */

afterEach(endAll);
const least = -(2 ** 31);
const canCrash = process.arch === 'x64';
const options = [
  '--inference',
  'in-process',
  '--workers',
  '2',
  '--threads',
  '1',
  '--load',
  'divide',
  '--load',
  'tensor-demo',
];
const tensors = JSON.stringify({ instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] });

function packs(): string {
  const folder = newFolder('crashes');
  const row = (name: string) => ({ name, type: 'int32' as const, shape: ['N'] });
  writeTensorPack(folder, 'divide', {
    nodes: [{ op: 'Div', inputs: ['a', 'b'], outputs: ['y'] }],
    inputs: [row('a'), row('b')],
    outputs: [row('y')],
  });
  return folder;
}

/** The status and what it says; null where the connection broke. */
async function divide({ url }: Serve, a: readonly number[], b: readonly number[]) {
  const input = (name: string, data: readonly number[]) => ({
    name,
    datatype: 'INT32',
    shape: [data.length],
    data,
  });
  const body = JSON.stringify({ inputs: [input('a', a), input('b', b)] });
  return post(`${url}/v2/models/divide/infer`, body, { connection: 'close' }).then(
    ({ status, body: text }) => ({ status, text }),
    () => null,
  );
}
/** Asks what ends a worker, and waits until the arbiter knows why that one ended. */
async function crash(serve: Serve, a: readonly number[], b: readonly number[]): Promise<void> {
  const ends = (): number => serve.output().split('an HTTP worker ended').length - 1;
  const before = ends();
  expect(await divide(serve, a, b)).toBe(null);
  await expect.poll(ends).toBe(before + 1);
}
const other = (serve: Serve) =>
  load(1, () => post(`${serve.url}/v1/models/tensor-demo:predict`, tensors, { connection: 'close' }));

test.runIf(canCrash)(
  'an input that ended worker after worker is refused; the model goes on with others',
  async () => {
    const serve = await startServe([...options, '--models', packs()]);
    await serve.until('Ready after');
    expect(await divide(serve, [8, 9], [2, 3])).toMatchObject({ status: 200 });
    const calls = other(serve);
    // What crashes first is not known; from then on the workers write down what they run.
    for (let turn = 0; turn < 3; turn += 1) await crash(serve, [8, least], [2, -1]);
    expect(serve.output()).toContain('SIGFPE, in divide@1.0.0');
    const metrics = await (await fetch(`${serve.url}/metrics`, { headers: { connection: 'close' } })).text();
    expect(metrics).toMatch(
      /^outpost_worker_ends_total\{model="divide",version="1\.0\.0",reason="crash"\} [23]$/mu,
    );
    // Both workers, the one that was there and the new one.
    for (let turn = 0; turn < 4; turn += 1) {
      const refused = await divide(serve, [8, least], [2, -1]);
      expect(refused?.status).toBe(500);
      expect(refused?.text).toContain('SIGFPE');
      expect(await divide(serve, [8, 9], [2, 3])).toMatchObject({ status: 200 });
    }
    await expect.poll(calls.count).toBeGreaterThan(20);
    const answers = await calls.stop();
    // The other model's requests were lost at most with the worker that they were in: one at a time, three crashes.
    expect(answers.filter(({ status }) => status !== 200).length).toBeLessThanOrEqual(3);
  },
);

test.runIf(canCrash)(
  'a model that ends worker after worker is set aside and tried again after a rest',
  async () => {
    const serve = await startServe([...options, '--models', packs()]);
    await serve.until('Ready after');
    for (let turn = 0; turn < 4; turn += 1) await crash(serve, [turn, least], [1, -1]);
    await serve.until('divide@1.0.0 is set aside');
    const aside = await divide(serve, [8, 9], [2, 3]);
    expect(aside?.status).toBe(503);
    expect(aside?.text).toContain('divide@1.0.0');
    const calls = other(serve);
    await expect
      .poll(async () => (await divide(serve, [8, 9], [2, 3]))?.status, { timeout: 30_000, interval: 500 })
      .toBe(200);
    await expect.poll(calls.count).toBeGreaterThan(20);
    const answers = await calls.stop();
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  },
);

test.runIf(canCrash)(
  'SIGHUP tries a model again that was set aside, before its rest is over',
  async () => {
    const serve = await startServe([...options, '--models', packs()]);
    await serve.until('Ready after');
    const times = (text: string): number => serve.output().split(text).length - 1;
    // Each time that it is set aside without a run that it lived through it rests twice as long: 5, 10, 20 seconds.
    let input = 0;
    for (let round = 1; round <= 3; round += 1) {
      while (times('is set aside') < round) {
        input += 1;
        await divide(serve, [input, least], [1, -1]);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect((await divide(serve, [8, 9], [2, 3]))?.status).toBe(503);
      serve.signal('SIGHUP');
      await expect.poll(() => times('Reloaded:'), { timeout: 60_000 }).toBe(round);
    }
    const begun = performance.now();
    await expect
      .poll(async () => (await divide(serve, [8, 9], [2, 3]))?.status, { timeout: 30_000, interval: 100 })
      .toBe(200);
    expect(performance.now() - begun).toBeLessThan(10_000);
  },
  240_000,
);
