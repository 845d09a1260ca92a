import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EngineLimits } from '../../../main/engine/index.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { inLong } from '../../long.ts';
import { newFolder } from '../../temp/folder.ts';

const ref = 'efficientnet-lite0@1.0.0';
let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close({ graceMs: 100 });
  opened = null;
});

/** Workers are real processes that go wrong as told; `workers` is what the pool may grow to. */
async function withWorkers(
  how: string,
  { workers = 1, ...limits }: Partial<EngineLimits> & { workers?: number } = {},
) {
  const pids: number[] = [];
  opened = await openTestEngine({
    startWorker: startStandIn(how, pids),
    limits: { backoffMs: 5, ...limits },
    override: { workers, threads: 1 },
  });
  const { engine } = opened;
  const ask = async (name: string, folder = newFolder()): Promise<string> => {
    const file = path.join(folder, name);
    writeFileSync(file, name);
    const outcome = await engine.predict({ source: { path: file }, name });
    return outcome.ok ? 'ok' : outcome.fault.code;
  };
  const state = (): string => engine.workers.stateOf(ref).kind;
  return { engine, ask, state, pids };
}

// What a stand-in answers to a picture that it is given and lives through.
const answered = 'not-a-picture';

test('one more worker that cannot load the model leaves those that can at work', async () => {
  const file = path.join(newFolder(), 'loaded');
  const { engine, ask, state, pids } = await withWorkers(`loads-once:${file}`, {
    workers: 3,
    minWorkers: 1,
    backoffMs: 2,
  });
  expect((await engine.warm()).ok).toBe(true);
  engine.workers.resize(1);
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBeGreaterThan(4);
  expect(state()).toBe('ready');
  expect(engine.status().quarantined).toEqual([]);
  expect(await ask('a')).toBe(answered);
});

test('a worker that is to be replaced goes on when its replacement cannot load', async () => {
  const file = path.join(newFolder(), 'loaded');
  const { ask, pids } = await withWorkers(`loads-once:${file}`, { maxRequests: 2, backoffMs: 2 });
  for (let at = 0; at < 3; at += 1) expect(await ask(`before${at}`)).toBe(answered);
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBeGreaterThan(4);
  for (let at = 0; at < 3; at += 1) expect(await ask(`after${at}`)).toBe(answered);
});

test('a computer that lacks memory for a while is no bad model: it is tried again by itself', async () => {
  const memory = path.join(newFolder(), 'memory');
  const { engine, ask, state } = await withWorkers(`lacks-memory-without:${memory}`);
  expect(await ask('a')).toBe('model-not-loaded');
  expect(state()).toBe('stopped');
  expect(engine.status().quarantined).toMatchObject([{ model: ref, fault: { params: { model: ref } } }]);
  writeFileSync(memory, '');
  await expect.poll(state, { timeout: 10_000 }).toBe('ready');
  expect(engine.status().quarantined).toEqual([]);
  expect(await ask('a')).toBe(answered);
});

test('a file that no worker ever loaded is refused at once, and tried again when it is loaded by name', async () => {
  const file = path.join(newFolder(), 'repaired');
  const { engine, ask, state, pids } = await withWorkers(`refuses-without:${file}`);
  expect(await ask('a')).toBe('model-rejected');
  expect(pids).toHaveLength(1);
  writeFileSync(file, '');
  await new Promise((wake) => setTimeout(wake, 600));
  expect(pids).toHaveLength(1);
  expect((await engine.warm()).ok).toBe(true);
  expect(state()).toBe('ready');
  expect(await ask('a')).toBe(answered);
});

test('two photos that crash a pool of one cost themselves an answer, and nobody else', async () => {
  const { ask, state } = await withWorkers('crash-on-bad');
  const codes: string[] = [];
  for (const name of ['bad1', 'bad2', 'good', 'bad3', 'bad4', 'good2']) codes.push(await ask(name));
  expect(codes).toEqual([
    'worker-crashed',
    'worker-crashed',
    answered,
    'worker-crashed',
    'worker-crashed',
    answered,
  ]);
  await expect.poll(state, { timeout: 10_000 }).toBe('ready');
});

test('crashing photos in a row are told from a crashing model by its own sample', async () => {
  const { ask, engine } = await withWorkers('crash-on-bad');
  // Three raise the doubt, and each three more do again.
  for (let at = 0; at < inLong(10, 7); at += 1) expect(await ask(`bad${at}`)).toBe('worker-crashed');
  expect(await ask('good')).toBe(answered);
  expect(engine.status().quarantined).toEqual([]);
});

test('the same photo again and again counts once', async () => {
  const { ask, engine, pids } = await withWorkers('crash-on-bad');
  const folder = newFolder();
  // One more than cast doubt on a model.
  const times = inLong(6, 4);
  for (let at = 0; at < times; at += 1) expect(await ask('bad', folder)).toBe('worker-crashed');
  // Two workers each, and none for a sample.
  await expect.poll(() => pids.length).toBe(2 * times + 1);
  expect(engine.status().quarantined).toEqual([]);
});

test('requests that ran together count one by one: two bad ones are two, whatever company they had', async () => {
  const models = newFolder();
  const value = (name: string) => ({ name, type: 'float32', shape: ['N', 1] }) as const;
  const graph = {
    nodes: [{ op: 'Abs', inputs: ['x'], outputs: ['y'] }],
    inputs: [value('x')],
    outputs: [value('y')],
  };
  writeTensorPack(models, 'rows', graph, { batch: true });
  opened = await openTestEngine({
    modelFolders: [models],
    startWorker: startStandIn('ran-single-rows'),
    limits: { backoffMs: 5 },
    override: { workers: 1, threads: 1 },
  });
  const { engine } = opened;
  const ask = async (...values: readonly number[]): Promise<string> => {
    const data = new Uint8Array(Float32Array.from(values).buffer);
    const tensors = [{ name: 'x', type: 'float32' as const, dims: [values.length, 1], data }];
    const outcome = await engine.runTensors({ model: 'rows', tensors, client: 'http' });
    return outcome.ok ? 'ok' : outcome.fault.code;
  };
  expect(await Promise.all([ask(1, 2), ask(3, 4)])).toEqual(['worker-crashed', 'worker-crashed']);
  expect(engine.status().quarantined).toEqual([]);
  expect(await ask(5)).toBe('ok');
  // A good one has no part in what its company did.
  expect(await Promise.all([ask(6), ask(7, 8)])).toEqual(['ok', 'worker-crashed']);
});

test('slow pictures end in their own timeouts, however many they are', async () => {
  const { ask, engine } = await withWorkers('hangs-on-slow', { requestTimeoutMs: 150 });
  for (let at = 0; at < 5; at += 1) expect(await ask(`slow${at}`)).toBe('worker-timeout');
  expect(engine.status().quarantined).toEqual([]);
  expect(await ask('quick')).toBe(answered);
});

test('workers that are ended from outside while they have nothing to do come back', async () => {
  const { engine, ask, state, pids } = await withWorkers('quick');
  expect((await engine.warm()).ok).toBe(true);
  for (let at = 0; at < 6; at += 1) {
    const before = pids.length;
    process.kill(pids.at(-1)!, 'SIGKILL');
    await expect.poll(() => pids.length, { timeout: 10_000 }).toBe(before + 1);
    await expect.poll(state, { timeout: 10_000 }).toBe('ready');
  }
  expect(await ask('a')).toBe(answered);
});

test('a model that was set aside is tried again by itself', async () => {
  const { ask, state, pids } = await withWorkers('crash-always');
  for (const name of ['a', 'b', 'c']) await ask(name);
  await expect.poll(state).toBe('stopped');
  const tries = pids.length;
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBe(tries + 2);
  expect(state()).toBe('stopped');
});

test('a model that was set aside is tried again at once when it is loaded', async () => {
  const { engine, ask, state, pids } = await withWorkers('crash-always', { backoffMs: 200 });
  for (const name of ['a', 'b', 'c']) await ask(name);
  await expect.poll(state, { timeout: 10_000 }).toBe('stopped');
  const tries = pids.length;
  const loaded = await engine.warm();
  expect(loaded.ok || loaded.fault.code).toBe('model-quarantined');
  expect(pids.length).toBe(tries + 1);
});

test('an unloaded model stays away from what was accepted before, and comes back by name', async () => {
  const gate = path.join(newFolder(), 'gate');
  const { engine, pids } = await withWorkers(`gate:${gate}`);
  const ask = (at: number) =>
    engine.runTensors({
      model: ref,
      client: 'http',
      tensors: [{ name: 'images', type: 'float32', dims: [1], data: new Uint8Array(4 + 4 * at) }],
    });
  const asking = Array.from({ length: 6 }, (_, at) => ask(at));
  await expect.poll(() => engine.status().running).toBe(2);
  await expect.poll(() => engine.status().queued).toBe(4);
  const unloading = engine.workers.unload('efficientnet-lite0');
  writeFileSync(gate, '');
  await unloading;
  const codes = (await Promise.all(asking)).map((outcome) => (outcome.ok ? 'ok' : outcome.fault.code));
  expect(codes.filter((code) => code === 'model-unloaded')).toHaveLength(4);
  const late = await ask(0);
  expect(late.ok || late.fault.code).toBe('model-unloaded');
  expect(pids).toHaveLength(1);
  expect((await engine.warm('efficientnet-lite0')).ok).toBe(true);
  const again = await ask(0);
  expect(again.ok || again.fault.code).toBe(answered);
  expect(existsSync(gate)).toBe(true);
});

test('closing does not wait for a model that is being unloaded as long as one of its requests may take', async () => {
  const { engine } = await withWorkers('never-answers', { requestTimeoutMs: 60_000 });
  const asking = engine.predict({ source: { bytes: new Uint8Array(8) }, name: 'a' });
  await expect.poll(() => engine.status().running).toBe(1);
  const unloading = engine.workers.unload('efficientnet-lite0');
  const begun = performance.now();
  await engine.close({ graceMs: 200 });
  expect(performance.now() - begun).toBeLessThan(10_000);
  await unloading;
  expect((await asking).ok).toBe(false);
});
