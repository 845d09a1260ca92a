import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EngineLimits } from '../../../main/engine/index.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { startCore } from './fixture.ts';
import { newFolder } from '../../temp/folder.ts';

let serving: TestServing | null = null;
afterEach(async () => {
  await serving?.close();
  serving = null;
});

const value = (name: string) => ({ name, type: 'float32' as const, shape: ['N'] });
const graph = (op: string) => ({
  nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
  inputs: [value('x')],
  outputs: [value('y')],
});
/** Packs of one small model each; `ops` names their one operator, by id. */
async function withModels(ops: Readonly<Record<string, string>>, limits: Partial<EngineLimits> = {}) {
  const models = newFolder('readiness');
  for (const [id, op] of Object.entries(ops)) writeTensorPack(models, id, graph(op));
  serving = await openTestServing({
    engine: { modelFolders: [models], limits, override: { workers: 1, threads: 1 } },
    serving: { preload: Object.keys(ops) },
  });
  return { models, serving: serving.serving, opened: serving.opened, whole: serving };
}
const ask = async ({ serving }: Pick<TestServing, 'serving'>, id: string): Promise<string> => {
  const served = serving.find({ id });
  if (!served.ok) return served.fault.code;
  const data = new Uint8Array(Float32Array.of(-2).buffer);
  const outcome = await serving.infer({
    served: served.value,
    client: 'http',
    tensors: [{ name: 'x', type: 'float32', dims: [1], data }],
  });
  return outcome.ok ? 'ok' : outcome.fault.code;
};

test('a model that cannot be loaded holds up none behind it, and is named', async () => {
  const { whole, serving: port } = await withModels({ bad: 'NoSuchOperator', fine: 'Abs', good: 'Neg' });
  const core = await startCore(whole);
  try {
    const readyz = async () => (await fetch(`${core.url}/readyz`)).json() as Promise<unknown>;
    expect(await readyz()).toEqual({
      ready: false,
      models: ['bad', 'fine', 'good'].map((model) => ({ model, state: 'loading' })),
    });
    expect(await port.warm()).toMatchObject([{ model: 'bad', fault: { code: 'model-rejected' } }]);
    expect(await readyz()).toEqual({ ready: false, models: [{ model: 'bad', state: 'model-rejected' }] });
    expect([await ask(whole, 'fine'), await ask(whole, 'good')]).toEqual(['ok', 'ok']);
    expect(await ask(whole, 'bad')).toBe('model-rejected');
    await port.unload('bad');
    expect(await readyz()).toEqual({ ready: true });
  } finally {
    await core.close();
  }
});

test('more models than are kept in memory: what was loaded once is ready, and answers', async () => {
  const ids = ['one', 'two', 'three', 'four', 'five'];
  const ops = Object.fromEntries(ids.map((id) => [id, 'Abs']));
  const { whole, serving: port } = await withModels(ops, { maxPools: 2 });
  expect(port.isReady()).toBe(false);
  expect(await port.warm()).toEqual([]);
  expect(port.isReady()).toBe(true);
  await expect.poll(() => port.status().workers, { timeout: 10_000 }).toBe(2);
  for (const id of [...ids, 'one']) expect(await ask(whole, id)).toBe('ok');
  expect(port.unready()).toEqual([]);
}, 60_000);

test('a version that is gone from the folder leaves memory when the next one has taken over', async () => {
  const { models, whole, serving: port } = await withModels({ mine: 'Abs' }, { idleTimeoutMs: 600_000 });
  expect(await port.warm()).toEqual([]);
  const old = port.find({ id: 'mine' });
  rmSync(path.join(models, 'mine'), { recursive: true });
  writeTensorPack(models, 'mine', graph('Neg'), { version: '1.1.0' });
  expect(await port.reload()).toEqual([]);
  expect(port.find({ id: 'mine' })).toMatchObject({ value: { version: '1.1.0' } });
  expect(old).toMatchObject({ value: { version: '1.0.0' } });
  expect(await ask(whole, 'mine')).toBe('ok');
  await expect.poll(() => port.status().workers, { timeout: 20_000 }).toBe(1);
  expect(port.isReady()).toBe(true);
});
