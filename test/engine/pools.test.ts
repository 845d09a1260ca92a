import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EngineLimits, OpenedEngine } from '../../main/engine/index.ts';
import { newFolder, openTestEngine, startStandIn } from '../fakes/engine.ts';

let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close({ graceMs: 100 });
  opened = null;
});

async function withWorkers(limits: Partial<EngineLimits>) {
  const pids: number[] = [];
  opened = await openTestEngine({ startWorker: startStandIn('quick', pids), limits });
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
