import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import type { OpenEngineOptions } from '../../../main/composition/index.ts';
import { openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { isAlive } from '../../fixtures/is-alive.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { newFolder } from '../../temp/folder.ts';

let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close({ graceMs: 1_000 });
  opened = null;
});

const ops = { absolute: 'Abs', negative: 'Neg', root: 'Sqrt', squashed: 'Tanh', same: 'Identity' } as const;
const ids = Object.keys(ops);
const value = (name: string) => ({ name, type: 'float32' as const, shape: ['N'] });

/** Five models of one operator each, on workers that small models share. */
async function withModels(options: Partial<OpenEngineOptions> = {}) {
  const models = newFolder('shared');
  for (const [id, op] of Object.entries(ops))
    writeTensorPack(models, id, {
      nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
      inputs: [value('x')],
      outputs: [value('y')],
    });
  opened = await openTestEngine({
    modelFolders: [models],
    limits: { sharedBelowBytes: 4 * 1024 ** 2, maxPools: 64, backoffMs: 5, pingMs: 100 },
    override: { workers: 1, threads: 1 },
    ...options,
  });
  const { engine } = opened;
  const ask = async (model: string, values: readonly number[] = [4]) => {
    const data = new Uint8Array(Float32Array.from(values).buffer);
    const tensors = [{ name: 'x', type: 'float32' as const, dims: [values.length], data }];
    const outcome = await engine.runTensors({ model, tensors, client: 'http' });
    if (!outcome.ok) return outcome.fault.code;
    const [y] = outcome.value.tensors;
    return y ? new DataView(y.data.buffer, y.data.byteOffset).getFloat32(0, true) : 'ok';
  };
  const workers = (): number => engine.workers.status().workers;
  return { engine, ask, workers };
}

test('small models share a process, and each gives its own answers', async () => {
  const { engine, ask, workers } = await withModels();
  for (const id of ids) expect((await engine.warm(id)).ok).toBe(true);
  expect(workers()).toBe(1);
  const asked = Array.from({ length: 10 }, () => ids).flat();
  const answers = await Promise.all(asked.map((id) => ask(id)));
  const expected = { absolute: 4, negative: -4, root: 2, squashed: Math.fround(Math.tanh(4)), same: 4 };
  for (const [at, id] of asked.entries())
    expect(answers[at]).toBeCloseTo(expected[id as keyof typeof expected], 5);
  expect(workers()).toBe(1);
});

test('one that is unloaded leaves the others at work, and the last one takes the process along', async () => {
  const { engine, ask, workers } = await withModels();
  for (const id of ids) await ask(id);
  await engine.workers.unload('negative');
  expect(await ask('negative')).toBe('model-unloaded');
  expect(await ask('root')).toBe(2);
  expect(workers()).toBe(1);
  expect((await engine.warm('negative')).ok).toBe(true);
  expect(await ask('negative')).toBe(-4);
  for (const id of ids) await engine.workers.unload(id);
  await expect.poll(workers).toBe(0);
});

test('a model that is unloaded while it loads leaves the process to the others', async () => {
  const pids: number[] = [];
  const { engine, ask, workers } = await withModels({
    startWorker: startStandIn('ran-after-slow-loads', pids),
  });
  for (const id of ids.filter((each) => each !== 'root')) expect(await ask(id)).toBe('ok');
  const loading = engine.warm('root');
  await expect.poll(() => engine.workers.stateOf('root@1.0.0').kind).toBe('loading');
  await engine.workers.unload('root');
  expect((await loading).ok).toBe(false);
  expect(await ask('same')).toBe('ok');
  expect([pids.length, workers()]).toEqual([1, 1]);
});

test('a shared process that was given its requests, of all its models together, is left for another one', async () => {
  const pids: number[] = [];
  const { ask, workers } = await withModels({
    startWorker: startStandIn('ran', pids),
    limits: { sharedBelowBytes: 4 * 1024 ** 2, maxPools: 64, backoffMs: 5, pingMs: 100, maxRequests: 8 },
  });
  for (const id of [...ids, ...ids]) expect(await ask(id)).toBe('ok');
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => isAlive(pids[0]!), { timeout: 10_000 }).toBe(false);
  for (const id of ids) expect(await ask(id)).toBe('ok');
  expect(workers()).toBe(1);
});

test('a shared process that is ended while it has nothing to do comes back for all', async () => {
  const pids: number[] = [];
  const { ask, workers } = await withModels({ startWorker: startStandIn('ran', pids) });
  for (const id of ids) expect(await ask(id)).toBe('ok');
  expect(pids).toHaveLength(1);
  process.kill(pids[0]!, 'SIGKILL');
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBe(2);
  for (const id of ids) expect(await ask(id)).toBe('ok');
  expect(workers()).toBe(1);
});

test('a model that crashed the shared process is given its own; the others go on sharing', async () => {
  const { engine, ask, workers } = await withModels({ startWorker: startStandIn('ran') });
  for (const id of ids) expect(await ask(id)).toBe('ok');
  expect(workers()).toBe(1);
  expect(
    await ask(
      'root',
      Array.from({ length: 666 }, () => 1),
    ),
  ).toBe('worker-crashed');
  for (const id of ids) expect(await ask(id)).toBe('ok');
  await expect.poll(workers, { timeout: 10_000 }).toBe(2);
  expect(engine.status().quarantined).toEqual([]);
  // Now it crashes itself alone.
  const asking = Promise.all(ids.filter((id) => id !== 'root').map((id) => ask(id)));
  expect(
    await ask(
      'root',
      Array.from({ length: 666 }, () => 2),
    ),
  ).toBe('worker-crashed');
  expect(await asking).toEqual(['ok', 'ok', 'ok', 'ok']);
});

test('a model that turns out to be slow is given its own process, one after the other', async () => {
  const { engine, ask, workers } = await withModels({ startWorker: startStandIn('ran-slowly') });
  for (const id of ids) expect((await engine.warm(id)).ok).toBe(true);
  expect(workers()).toBe(1);
  for (let at = 0; at < 9; at += 1) expect(await ask('same')).toBe('ok');
  await expect.poll(workers, { timeout: 10_000 }).toBe(2);
  expect(await ask('same')).toBe('ok');
  expect(await ask('root')).toBe('ok');
});

test('a shared process that has grown too much is left for another one', async () => {
  const pids: number[] = [];
  const marker = path.join(newFolder('shared'), 'started');
  const { ask, workers } = await withModels({ startWorker: startStandIn(`ran-large:${marker}`, pids) });
  for (const id of ids) expect(await ask(id)).toBe('ok');
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => isAlive(pids[0]!), { timeout: 10_000 }).toBe(false);
  for (const id of ids) expect(await ask(id)).toBe('ok');
  expect(workers()).toBe(1);
});
