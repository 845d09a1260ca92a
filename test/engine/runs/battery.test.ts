import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { createBattery } from '../../../main/engine/runs/battery.ts';
import type { LiveRun } from '../../../main/engine/runs/live-run.ts';
import type { Power } from '../../../main/lib/power.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

const low: Power = { kind: 'battery', charge: 0.15, isCharging: false, hoursLeft: 0.4 };
let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});

function cardOf(count: number): string {
  const card = newFolder();
  for (let at = 0; at < count; at += 1)
    copyFileSync(fixture('photos/rocket.jpg'), path.join(card, `IMG ${at}.jpg`));
  return card;
}

test('a run waits on a low battery and goes on by itself once it is charged; by hand it goes on at once', async () => {
  let power: Power = low;
  opened = await openTestEngine({
    override: { workers: 2, threads: 1, variant: 'int8' },
    power: () => Promise.resolve(power),
  });
  const { runs } = opened.engine;
  const begin = async (): Promise<string> => {
    const run = await runs.start({ title: 'card', inputs: [cardOf(60)], useCache: false });
    if (!run.ok) throw new Error(run.fault.message);
    return run.value.id;
  };
  const stateOf = async (run: string) => {
    const state = await runs.get(run);
    return state.ok ? state.value : null;
  };
  const [first, second] = [await begin(), await begin()];
  for (const run of [first, second])
    await expect
      .poll(() => stateOf(run), { timeout: 20_000 })
      .toMatchObject({ kind: 'paused', by: 'battery', owner: 'here' });

  expect((await runs.resume(first)).ok).toBe(true);
  await expect.poll(() => stateOf(first), { timeout: 60_000 }).toMatchObject({ kind: 'done' });
  expect(await stateOf(second)).toMatchObject({ kind: 'paused', by: 'battery' });

  power = { kind: 'mains' };
  await expect
    .poll(() => stateOf(second), { timeout: 60_000 })
    .toMatchObject({ kind: 'done', counts: { answered: 60, faults: 0 } });
}, 120_000);

test('the setting says how low is low, and whether it matters', async () => {
  let lowest: number | null = 20;
  const halted: string[] = [];
  const run = { id: 'r1', haltFor: () => halted.push('r1') } as unknown as LiveRun;
  const battery = createBattery({
    power: () => Promise.resolve(low),
    settings: () => ({ pauseBelowPercent: lowest }),
    live: () => [run],
    pollMs: 10,
  });
  const isLow = async (): Promise<boolean> => {
    await new Promise((resolve) => setTimeout(resolve, 8));
    return battery.isLow();
  };
  expect(await isLow()).toBe(true);
  lowest = 10;
  expect(await isLow()).toBe(false);
  lowest = null;
  expect(await isLow()).toBe(false);
  lowest = 20;
  battery.watch();
  await expect.poll(() => halted.length).toBeGreaterThan(0);
  battery.allow('r1');
  await new Promise((resolve) => setTimeout(resolve, 15));
  const before = halted.length;
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(halted.length).toBe(before);
  battery.close();
});
