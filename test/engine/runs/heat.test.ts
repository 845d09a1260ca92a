import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { LiveRun } from '../../../main/engine/runs/live-run.ts';
import { atPace } from '../../../main/engine/runs/pace.ts';
import { createThrottle } from '../../../main/engine/runs/throttle.ts';
import { readHeat } from '../../../main/lib/heat.ts';
import type { Heat } from '../../../main/lib/heat.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { storedRun } from '../../fakes/stored-run.ts';
import { newFolder } from '../../temp/folder.ts';

let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});

test('a run says that the computer is hot while it is, by the zones of the kernel, and ends with all of its photos', async () => {
  const zones = newFolder('thermal');
  const zone = path.join(zones, 'thermal_zone0');
  mkdirSync(zone);
  const limits = { trip_point_0_type: 'passive', trip_point_0_temp: '95000', temp: '97000' };
  for (const [name, text] of Object.entries(limits)) writeFileSync(path.join(zone, name), text);
  opened = await openTestEngine({
    override: { workers: 1, threads: 1, variant: 'int8' },
    heat: () => readHeat('linux', zones),
  });
  const card = newFolder('card');
  for (let at = 0; at < 60; at += 1)
    copyFileSync(fixture('photos/rocket.jpg'), path.join(card, `IMG ${at}.jpg`));
  const { runs } = opened.engine;
  const run = await runs.start({ title: 'card', inputs: [card], useCache: false });
  if (!run.ok) throw new Error(run.fault.message);
  const stateNow = async () => {
    const state = await runs.get(run.value.id);
    return state.ok ? state.value : null;
  };
  await expect.poll(async () => (await stateNow())?.slowedBy, { timeout: 20_000 }).toBe('heat');
  await expect
    .poll(stateNow, { timeout: 60_000 })
    .toMatchObject({ kind: 'done', slowedBy: null, counts: { answered: 60, faults: 0 } });
}, 120_000);

test('near the limit it stays as it was; cool, or by the setting, it is as fast as before', async () => {
  let now: Heat = 'hot';
  let slowWhenHot = true;
  const run = new LiveRun(storedRun);
  const changes: (string | null)[] = [];
  const throttle = createThrottle({
    power: () => Promise.resolve({ kind: 'mains' }),
    heat: () => Promise.resolve(now),
    settings: () => ({ slowBelowPercent: 20, pauseBelowPercent: 10, slowWhenHot }),
    live: () => [run],
    onPace: () => void changes.push(run.slowedBy),
    pollMs: 5,
  });
  throttle.watch();
  await expect.poll(() => run.state().slowedBy).toBe('heat');
  now = 'warm';
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(changes).toEqual(['heat']);
  now = 'cool';
  await expect.poll(() => changes).toEqual(['heat', null]);
  now = 'warm';
  await new Promise((resolve) => setTimeout(resolve, 40));
  now = 'hot';
  await expect.poll(() => changes).toEqual(['heat', null, 'heat']);
  slowWhenHot = false;
  await expect.poll(() => changes).toEqual(['heat', null, 'heat', null]);
  throttle.close();
});

test('slowed, it rests as long as it works; a pause ends the rest at once', async () => {
  const run = new LiveRun(storedRun);
  async function* files(): AsyncGenerator<number> {
    for (let at = 0; ; at += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      yield at;
    }
  }
  const countWithin = async (ms: number): Promise<number> => {
    const begun = performance.now();
    let count = 0;
    for await (const _ of atPace(run, files())) {
      count += 1;
      if (performance.now() - begun > ms) break;
    }
    return count / (performance.now() - begun);
  };
  const fast = await countWithin(1_500);
  run.slowDown('heat');
  const slow = await countWithin(4_200);
  expect(slow / fast).toBeGreaterThan(0.3);
  expect(slow / fast).toBeLessThan(0.75);
  let haltedAt = Infinity;
  setTimeout(() => {
    haltedAt = performance.now();
    run.haltFor({ kind: 'settle' });
  }, 1_200);
  for await (const _ of atPace(run, files())) if (run.halt !== null) break;
  expect(performance.now() - haltedAt).toBeLessThan(700);
}, 30_000);
