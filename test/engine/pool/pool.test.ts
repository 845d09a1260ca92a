import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isAnswered } from '../../../contract/runs/prediction.ts';
import type { EngineLimits } from '../../../main/engine/index.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { isAlive } from '../../fixtures/is-alive.ts';
import { newFolder } from '../../temp/folder.ts';

let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close({ graceMs: 100 });
  opened = null;
});

/** Workers are real processes that go wrong as told; everything else is as it ships. */
async function withWorkers(how: string, limits: Partial<EngineLimits> = {}, pids: number[] = []) {
  opened = await openTestEngine({
    startWorker: startStandIn(how, pids),
    limits: { backoffMs: 5, ...limits },
    override: { workers: 1, threads: 1 },
  });
  const folder = newFolder();
  const file = (name: string): string => {
    const full = path.join(folder, name);
    writeFileSync(full, name);
    return full;
  };
  const { engine } = opened;
  const ask = async (
    name: string,
    more: { priority?: 'interactive' | 'batch'; signal?: AbortSignal } = {},
  ) => {
    const { signal, ...rest } = more;
    const outcome = await engine.predict({ source: { path: file(name) }, name, ...rest }, { signal });
    return outcome.ok ? { code: 'ok', params: {} as Readonly<Record<string, unknown>> } : outcome.fault;
  };
  return { engine, ask, file, pids };
}

test('a model that stops its worker on three different inputs, and on its own sample, is set aside', async () => {
  const { engine, ask, pids } = await withWorkers('crash-always', { backoffMs: 20 });
  for (const name of ['a', 'b', 'c']) expect((await ask(name)).code).toBe('worker-crashed');
  expect((await ask('d')).code).toBe('model-quarantined');
  expect((await ask('e')).code).toBe('model-quarantined');
  // Twice for each input, once for the sample.
  expect(pids).toHaveLength(7);
  expect(engine.status().quarantined).toMatchObject([{ model: 'efficientnet-lite0@1.0.0' }]);
  expect((await engine.models.list()).find(({ id }) => id === 'efficientnet-lite0')?.state).toBe(
    'quarantined',
  );
});

test('a worker that does not even start says so: the model was never touched', async () => {
  const { engine, ask } = await withWorkers('crash-at-start', { backoffMs: 20 });
  expect((await engine.warm()).ok).toBe(false);
  expect(await ask('a')).toMatchObject({
    code: 'model-not-loaded',
    params: { reason: expect.stringContaining('exit code 3') },
  });
});

test('a crashed item is tried once more, and the others are unharmed', async () => {
  const { ask } = await withWorkers('crash-on-bad');
  const codes = await Promise.all(
    ['a', 'bad', 'c', 'd', 'e'].map(async (name) => (await ask(name, { priority: 'batch' })).code),
  );
  expect(codes).toEqual([
    'not-a-picture',
    'worker-crashed',
    'not-a-picture',
    'not-a-picture',
    'not-a-picture',
  ]);
});

test('a model that never returns is ended by the clock, and each asker is told', async () => {
  const { ask, pids } = await withWorkers('never-answers', { requestTimeoutMs: 200 });
  const [one, two] = await Promise.all([ask('a'), ask('b')]);
  expect([one.code, two.code]).toEqual(['worker-timeout', 'worker-timeout']);
  expect(one.params).toEqual({ file: 'a', seconds: 0.2 });
  expect(pids.length).toBeGreaterThanOrEqual(2);
});

test('a model that does not load in time is a fault, as is a worker that does not know the token', async () => {
  const slow = await withWorkers('never-loads', { loadTimeoutMs: 200 });
  expect((await slow.ask('a')).code).toBe('model-load-timeout');
  await opened?.close({ graceMs: 1 });
  const imposter = await withWorkers('wrong-token', { loadTimeoutMs: 300 });
  expect(['model-load-timeout', 'model-not-loaded']).toContain((await imposter.ask('a')).code);
});

test('a full queue answers busy at once, and cancelling makes room', async () => {
  const { ask, engine } = await withWorkers('never-answers', { maxQueued: 3 });
  const abort = new AbortController();
  const ofAll = (names: string[]) => names.map((name) => ask(name, { signal: abort.signal }));
  const asking = ofAll(['a', 'b']);
  await expect.poll(() => engine.status().running).toBe(2);
  asking.push(...ofAll(['c', 'd', 'e']));
  await expect.poll(() => engine.status().queued).toBe(3);
  const refused = await ask('f');
  expect(refused).toMatchObject({ code: 'busy', params: { waiting: 3 } });
  abort.abort();
  expect((await Promise.all(asking)).map(({ code }) => code)).toEqual(
    Array.from({ length: 5 }, () => 'cancelled'),
  );
  expect(engine.status().queued).toBe(0);
});

test('an interactive request goes before a batch', async () => {
  const gate = path.join(newFolder(), 'gate');
  const { ask, engine } = await withWorkers(`gate:${gate}`);
  const batch = Array.from({ length: 10 }, (_, at) => ask(`b${at}`, { priority: 'batch' }));
  await expect.poll(() => engine.status()).toMatchObject({ running: 2, queued: 8 });
  const now = ask('now', { priority: 'interactive' });
  await expect.poll(() => engine.status().queued).toBe(9);
  writeFileSync(gate, '');
  // Two had begun: it is the third that the worker is given.
  expect((await now).params).toMatchObject({ name: 'now', order: 3 });
  // Requests that are made at once may reach the queue in any order.
  const orders = (await Promise.all(batch)).map(({ params }) => Number(params['order']));
  expect(orders.sort((one, other) => one - other)).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('closing finishes what was begun and refuses the rest', async () => {
  const { ask, engine, pids } = await withWorkers('slow');
  const asking = ['a', 'b', 'c', 'd'].map((name) => ask(name));
  await expect.poll(() => engine.status().running).toBe(2);
  await engine.close({ graceMs: 5_000 });
  expect((await Promise.all(asking)).map(({ code }) => code).sort()).toEqual([
    'not-a-picture',
    'not-a-picture',
    'shutting-down',
    'shutting-down',
  ]);
  expect((await ask('late')).code).toBe('shutting-down');
  for (const pid of pids) await expect.poll(() => isAlive(pid)).toBe(false);
});

test('a worker that has grown is replaced by one that is ready first', async () => {
  const { engine, file, pids } = await withWorkers('grows', { recycleGrowthBytes: 5e6, pingMs: 50 });
  const seen = new Set<unknown>();
  for (let round = 0; round < 3; round += 1) {
    const inputs = Array.from({ length: 60 }, (_, at) => file(`${round}-${at}`));
    for await (const outcome of engine.predictAll({ inputs })) {
      if (isAnswered(outcome)) throw new Error('a stand-in answers nothing');
      expect(outcome.fault.code).toBe('not-a-picture');
      seen.add(outcome.fault.params['pid']);
    }
    await new Promise((wake) => setTimeout(wake, 300));
  }
  expect(seen.size).toBeGreaterThan(1);
  await expect.poll(() => pids.filter(isAlive).length).toBe(1);
});
