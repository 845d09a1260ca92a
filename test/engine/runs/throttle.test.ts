import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { settingDefaults } from '../../../contract/default-settings.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { LiveRun } from '../../../main/engine/runs/live-run.ts';
import { createThrottle } from '../../../main/engine/runs/throttle.ts';
import { readPower } from '../../../main/lib/power.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { newPowerSupply } from '../../fakes/power-supply.ts';
import { storedRun } from '../../fakes/stored-run.ts';
import { newFolder } from '../../temp/folder.ts';

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

test('low, a run works at half speed; nearly empty, it waits; by hand it goes on slowed; on mains all go on as before', async () => {
  const supply = newPowerSupply(newFolder('power'));
  supply.unplug(15);
  const dataFolder = newFolder();
  opened = await openTestEngine({
    dataFolder,
    override: { workers: 2, threads: 1, variant: 'int8' },
    power: () => readPower('linux', supply.folder),
  });
  // Another process has it from the store.
  const other = await openTestEngine({ dataFolder });
  const { runs } = opened.engine;
  const begin = async (count: number): Promise<string> => {
    const run = await runs.start({ title: 'card', inputs: [cardOf(count)], useCache: false });
    if (!run.ok) throw new Error(run.fault.message);
    return run.value.id;
  };
  const stateOf = async (run: string): Promise<RunState | null> => {
    const state = await runs.get(run);
    return state.ok ? state.value : null;
  };
  const slowed = { kind: 'running', slowedBy: 'battery' } as const;
  const waiting = { kind: 'paused', by: 'battery', owner: 'here', slowedBy: null } as const;

  const [first, second] = [await begin(150), await begin(90)];
  for (const run of [first, second])
    await expect.poll(() => stateOf(run), { timeout: 20_000 }).toMatchObject(slowed);
  const elsewhere = async (): Promise<unknown[]> =>
    (await other.engine.runs.list()).map((run) => [run.kind, run.owner, run.slowedBy]);
  await expect.poll(elsewhere).toEqual(Array.from({ length: 2 }, () => ['running', 'elsewhere', 'battery']));
  const leftElsewhere = async (): Promise<boolean> => {
    const state = await other.engine.runs.get(second);
    return state.ok && state.value.rate > 0 && (state.value.leftMs ?? 0) > 0;
  };
  await expect.poll(leftElsewhere, { timeout: 20_000 }).toBe(true);

  supply.unplug(6);
  runs.powerChanged();
  for (const run of [first, second])
    await expect.poll(() => stateOf(run), { timeout: 20_000 }).toMatchObject(waiting);
  await expect.poll(elsewhere).toEqual(Array.from({ length: 2 }, () => ['paused', 'elsewhere', null]));
  await other.close();

  expect((await runs.resume(first)).ok).toBe(true);
  await expect.poll(() => stateOf(first), { timeout: 20_000 }).toMatchObject(slowed);
  expect(await stateOf(second)).toMatchObject(waiting);

  supply.plugIn();
  runs.powerChanged();
  await expect
    .poll(() => stateOf(first), { timeout: 20_000 })
    .toMatchObject({ kind: 'running', slowedBy: null });
  for (const [run, answered] of [
    [first, 150],
    [second, 90],
  ] as const)
    await expect
      .poll(() => stateOf(run), { timeout: 90_000 })
      .toMatchObject({ kind: 'done', slowedBy: null, counts: { answered, faults: 0 } });
}, 180_000);

/** What becomes of one run by these files and settings, looked at every 5 ms. */
function watched() {
  const supply = newPowerSupply(newFolder('power'));
  const settings: {
    slowBelowPercent: number | null;
    pauseBelowPercent: number | null;
    slowWhenHot: boolean;
  } = { slowBelowPercent: 20, pauseBelowPercent: 10, slowWhenHot: true };
  const run = new LiveRun(storedRun);
  let looks = 0;
  const throttle = createThrottle({
    power: () => readPower('linux', supply.folder),
    heat: () => Promise.resolve('cool'),
    settings: () => settings,
    // Asked for at the end of a look.
    live: () => ((looks += 1), [run]),
    onPace: () => undefined,
    pollMs: 5,
  });
  /** Comes back when what holds now was seen: the power is read again at every other look. */
  const seen = async (): Promise<string> => {
    throttle.lookAgain();
    const enough = looks + 6;
    await expect.poll(() => looks, { timeout: 10_000, interval: 5 }).toBeGreaterThanOrEqual(enough);
    if (run.halt !== null) return 'paused';
    return run.slowedBy ?? 'full speed';
  };
  return { supply, settings, run, throttle, seen };
}

test('the levels are settings, and either may be none', async () => {
  expect(settingDefaults).toMatchObject({ slowBelowPercent: 20, pauseBelowPercent: 10 });
  const { supply, settings, throttle, seen } = watched();
  expect(await seen()).toBe('full speed');
  supply.unplug(21);
  expect(await seen()).toBe('full speed');
  supply.unplug(19);
  expect(await seen()).toBe('battery');
  settings.slowBelowPercent = 15;
  expect(await seen()).toBe('full speed');
  settings.slowBelowPercent = null;
  supply.unplug(10);
  expect(await seen()).toBe('full speed');
  settings.slowBelowPercent = 20;
  settings.pauseBelowPercent = null;
  supply.unplug(2);
  expect(await seen()).toBe('battery');
  settings.pauseBelowPercent = 5;
  expect(await seen()).toBe('paused');
  throttle.close();
});

test('a gauge that goes up as less is drawn does not make a run start and stop', async () => {
  const { supply, throttle, seen } = watched();
  supply.unplug(19.8);
  expect(await seen()).toBe('battery');
  supply.unplug(21);
  expect(await seen()).toBe('battery');
  supply.unplug(23.5);
  expect(await seen()).toBe('full speed');
  expect(await throttle.hasPower()).toBe(true);
  supply.unplug(9.8);
  expect(await seen()).toBe('paused');
  supply.unplug(11);
  throttle.lookAgain();
  expect(await throttle.hasPower()).toBe(false);
  supply.plugIn();
  throttle.lookAgain();
  expect(await throttle.hasPower()).toBe(true);
  throttle.close();
});

test('who was gone on with by hand is not paused again until the computer was on mains', async () => {
  const { supply, run, throttle, seen } = watched();
  throttle.allow(run.id);
  supply.unplug(4);
  throttle.allow(run.id);
  expect(await seen()).toBe('battery');
  supply.plugIn();
  expect(await seen()).toBe('full speed');
  supply.unplug(4);
  expect(await seen()).toBe('paused');
  throttle.close();
});
