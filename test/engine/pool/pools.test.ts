import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EngineLimits } from '../../../main/engine/index.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { createOutdating } from '../../../main/serving/outdated.ts';
import { openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { isAlive } from '../../fixtures/is-alive.ts';
import { newFolder } from '../../temp/folder.ts';

let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close({ graceMs: 100 });
  opened = null;
});

async function withWorkers(limits: Partial<EngineLimits>, how = 'quick') {
  const pids: number[] = [];
  opened = await openTestEngine({ startWorker: startStandIn(how, pids), limits });
  const { engine } = opened;
  const photo = path.join(newFolder(), 'a.jpg');
  writeFileSync(photo, 'a');
  const ask = (priority: 'interactive' | 'batch') =>
    engine.predict({ source: { path: photo }, name: 'a', priority });
  return { engine, ask, pids, living: () => pids.filter(isAlive) };
}

test('workers that nobody asked for a while end, and come back with the next request', async () => {
  const { engine, ask, pids, living } = await withWorkers({ idleTimeoutMs: 300 });
  await ask('interactive');
  expect(living()).toHaveLength(1);
  await expect.poll(living, { timeout: 10_000 }).toEqual([]);
  expect(engine.status()).toMatchObject({ running: 0, queued: 0, quarantined: [] });
  const outcome = await ask('interactive');
  expect(outcome.ok ? 'ok' : outcome.fault.code).toBe('not-a-picture');
  expect(pids).toHaveLength(2);
});

test('a model that takes longer to load than an idle one is kept is not given up meanwhile', async () => {
  const { engine, living } = await withWorkers({ idleTimeoutMs: 300 }, 'loads-slowly');
  expect(await engine.warm('tensor-demo')).toEqual({ ok: true, value: undefined });
  // Its time begins now.
  await expect.poll(living, { timeout: 10_000 }).toEqual([]);
});

test('of three pools the one that was used longest ago goes, and its workers with it', async () => {
  const { engine, ask, pids, living } = await withWorkers({ idleTimeoutMs: 600_000 });
  expect((await engine.warm('tensor-demo')).ok).toBe(true);
  const [tensors] = pids;
  await ask('interactive');
  const single = pids[1];
  expect(living()).toEqual([tensors, single]);
  // Used again: the other model is now the one that waited longest.
  expect((await engine.warm('tensor-demo')).ok).toBe(true);
  await engine.settings.set({ variant: 'int8' });
  expect(living()).toEqual([tensors, single]);
  expect((await engine.warm('efficientnet-lite0')).ok).toBe(true);
  await expect.poll(() => living().includes(single ?? 0)).toBe(false);
  expect(living()).toContain(tensors);
  expect(living()).toHaveLength(2);
});

test('a worker that was started ahead is the first that a pool gets, and ends unused with the engine', async () => {
  const pids: number[] = [];
  const startWorker = startStandIn('quick', pids);
  opened = await openTestEngine({ startWorker, startsEarly: true });
  await expect.poll(() => pids.length).toBe(1);
  expect((await opened.engine.warm('tensor-demo')).ok).toBe(true);
  expect(pids).toHaveLength(1);
  await opened.close({ graceMs: 100 });
  expect(pids.filter(isAlive)).toEqual([]);
  opened = await openTestEngine({ startWorker, startsEarly: true });
  await expect.poll(() => pids.length).toBe(2);
  await opened.close({ graceMs: 100 });
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
});

test('unloading one model does not wait for another that is unloaded, too', async () => {
  const { engine, pids } = await withWorkers({ requestTimeoutMs: 60_000 }, 'never-answers');
  expect((await engine.warm('tensor-demo')).ok).toBe(true);
  const asking = engine.predict({ source: { bytes: new Uint8Array(8) }, name: 'a' });
  await expect.poll(() => engine.status().running).toBe(1);
  const slow = engine.workers.unload('efficientnet-lite0');
  const begun = performance.now();
  await engine.workers.unload('tensor-demo');
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(engine.status().quarantined).toEqual([]);
  process.kill(pids[1]!, 'SIGKILL');
  await slow;
  expect((await asking).ok).toBe(false);
});

test('a version that is named again before its workers have gone keeps them', async () => {
  const { engine, pids, living } = await withWorkers({ idleTimeoutMs: 600_000 });
  expect((await engine.warm('tensor-demo')).ok).toBe(true);
  expect((await engine.warm('efficientnet-lite0')).ok).toBe(true);
  for (const ref of ['tensor-demo@1.0.0', 'efficientnet-lite0@1.0.0']) engine.workers.setNamed(ref, false);
  engine.workers.setNamed('tensor-demo@1.0.0', true);
  await expect.poll(() => living().length, { timeout: 20_000 }).toBe(1);
  await new Promise((wake) => setTimeout(wake, 2_000));
  expect(living()).toEqual([pids[0]]);
});

test('what a catalogue names is told once, and again when it comes back', () => {
  const version = (ref: string, isDefault: boolean) => ({ ref, isDefault, labels: [] }) as never;
  let catalogue = [version('a@1', true), version('a@2', false)];
  const reported: [string, boolean][] = [];
  const look = createOutdating({
    catalogue: () => catalogue,
    setNamed: (...args) => void reported.push(args),
  });
  look();
  catalogue = [version('a@1', false), version('a@2', true)];
  look();
  look();
  catalogue = [version('a@1', true), version('a@2', false)];
  look();
  expect(reported).toEqual([
    ['a@1', false],
    ['a@2', true],
    ['a@2', false],
    ['a@1', true],
  ]);
});
