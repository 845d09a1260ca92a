import { copyFileSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunCheck } from '../../../contract/runs/run-check.ts';
import { RunCheck as schema } from '../../../contract/runs/run-check.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { estimateBattery, estimateKnown, estimateTime } from '../../../main/engine/runs/check/estimate.ts';
import { createSample } from '../../../main/engine/runs/check/sample.ts';
import { createTwins } from '../../../main/engine/runs/check/twins.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

let opened: OpenedEngine;
beforeAll(async () => {
  opened = await openTestEngine({
    override: { workers: 2, threads: 1, variant: 'int8' },
    power: () => Promise.resolve({ kind: 'battery', charge: 0.8, isCharging: false, hoursLeft: 2 }),
  });
}, 60_000);
afterAll(() => opened.close());

const card = path.join(newFolder(), 'card');
mkdirSync(path.join(card, 'DCIM'), { recursive: true });
const put = (from: string, name: string): void => copyFileSync(fixture(from), path.join(card, 'DCIM', name));
put('photos/rocket.jpg', 'IMG_1.JPG');
put('photos/rocket.jpg', 'IMG_2.JPG');
put('photos/coffee.png', 'IMG_3.png');
put('photos/chelsea.png', 'IMG_4.PNG');
put('bad/empty.jpg', 'IMG_5.jpg');
put('bad/text.jpg', 'IMG_6.jpg');
writeFileSync(path.join(card, 'notes.txt'), 'none');
writeFileSync(path.join(card, '.hidden'), 'none');

async function check(inputs: readonly string[], model?: string): Promise<RunCheck> {
  const look = await opened.engine.runs.check({ inputs, ...(model !== undefined && { model }) });
  if (!look.ok) throw new Error(look.fault.message);
  await look.value.settled;
  return schema.parse(look.value.report());
}

it('a run is known before it is started: kinds, what cannot be read, the same twice, what it takes', async () => {
  const report = await check([card]);
  expect(report).toMatchObject({
    scanned: true,
    isOver: true,
    found: 6,
    kinds: [
      { kind: 'JPEG', count: 2 },
      { kind: 'PNG', count: 2 },
    ],
    unreadable: 2,
    reused: 0,
    twice: 1,
    leftOut: { other: 1, hidden: 1, system: 0 },
    battery: { charge: 0.8 },
  });
  expect(report.reasons.map(({ code, count }) => `${count} ${code}`).sort()).toEqual([
    '1 file-empty',
    '1 not-a-picture',
  ]);
  const { timing, timeMs, disk } = report;
  expect(timing!.rate).toBeGreaterThan(0);
  expect(timeMs!.from).toBeLessThan(timeMs!.to);
  // Three photos at the measured rate lie between the bounds.
  expect((3 / timing!.rate) * 1000).toBeGreaterThanOrEqual(timeMs!.from - 1);
  expect((3 / timing!.rate) * 1000).toBeLessThanOrEqual(timeMs!.to + 1);
  expect(disk!.freeBytes).toBeGreaterThan(disk!.neededBytes);
  expect(disk!.neededBytes).toBeGreaterThan(0);
}, 60_000);

it('what was answered is reused, also at another place, and nothing is left to measure; no run was kept', async () => {
  const inputs = [card];
  const run = await opened.engine.runs.start({ title: 'card', inputs });
  if (!run.ok) throw new Error(run.fault.message);
  await opened.engine.runs.settled(run.value.id);
  const copy = path.join(newFolder(), 'copy.jpg');
  copyFileSync(fixture('photos/rocket.jpg'), copy);
  const report = await check([card, copy]);
  expect(report).toMatchObject({ found: 7, unreadable: 2, reused: 5, timing: null, timeMs: { to: 0 } });
  // Another model has answered none of them.
  expect(await check([card], 'camera-triage')).toMatchObject({ reused: 0, twice: 1 });
  expect(await opened.engine.runs.list()).toHaveLength(1);
}, 60_000);

it('photos of which the answer is known take time too, as much as is said', async () => {
  const many = path.join(newFolder(), 'many');
  mkdirSync(many);
  const first = path.join(many, 'IMG_0.JPG');
  copyFileSync(fixture('photos/rocket.jpg'), first);
  for (let at = 1; at < 3_000; at += 1) linkSync(first, path.join(many, `IMG_${at}.JPG`));
  const { reused, timeMs } = await check([many]);
  expect(reused).toBe(3_000);
  expect(timeMs!.from).toBeLessThan(timeMs!.to);
  const run = await opened.engine.runs.start({ title: 'many', inputs: [many] });
  if (!run.ok) throw new Error(run.fault.message);
  await opened.engine.runs.settled(run.value.id);
  const ended = await opened.engine.runs.get(run.value.id);
  const elapsedMs = ended.ok ? ended.value.elapsedMs : 0;
  process.stdout.write(
    `3,000 known photos: said ${timeMs!.from} to ${timeMs!.to} ms, took ${Math.round(elapsedMs)}\n`,
  );
  // Other tests take their share of this computer in between.
  expect(elapsedMs).toBeGreaterThan(timeMs!.from / 4);
  expect(elapsedMs).toBeLessThan(timeMs!.to * 4);
}, 120_000);

it('an empty folder, and a model that is not there', async () => {
  expect(await check([newFolder()])).toMatchObject({ found: 0, timing: null, isOver: true });
  const refused = await opened.engine.runs.check({ inputs: [card], model: 'nothing-here' });
  expect(refused.ok ? '' : refused.fault.code).toBe('model-not-found');
});

it('a look that is stopped ends before it has seen all', async () => {
  let given = 0;
  function* endless() {
    for (;;) {
      given += 1;
      yield path.join(card, 'DCIM', 'IMG_3.png');
    }
  }
  const look = await opened.engine.runs.check({ inputs: endless() });
  if (!look.ok) throw new Error(look.fault.message);
  await expect.poll(() => look.value.report().found).toBeGreaterThan(20);
  look.value.stop();
  await look.value.settled;
  const before = given;
  expect(look.value.report()).toMatchObject({ isOver: true, scanned: false });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(given).toBe(before);
}, 30_000);

describe('what is measured', () => {
  it('foretells the time by bounds that are further apart the more the photos differ', () => {
    const even = { elapsedMs: 1_000, durationsMs: Array.from({ length: 20 }, () => 50) };
    const uneven = { elapsedMs: 1_000, durationsMs: Array.from({ length: 20 }, (_, at) => (at % 2) * 100) };
    const likely = 100_000;
    for (const timing of [even, uneven]) {
      const { from, to } = estimateTime(2_000, timing)!;
      expect(from).toBeLessThan(likely);
      expect(to).toBeGreaterThan(likely);
    }
    expect(estimateTime(2_000, uneven)!.to).toBeGreaterThan(estimateTime(2_000, even)!.to);
  });

  it('says that few known photos take no time, and a card of them some', () => {
    expect(estimateKnown(200, 1)).toEqual({ from: 0, to: 0 });
    expect(estimateKnown(250_000, 1)).toEqual({ from: 150_000, to: 750_000 });
  });

  it('says what of a battery goes, and nothing on mains', () => {
    const battery = { kind: 'battery', charge: 0.5, isCharging: false, hoursLeft: 2 } as const;
    const hour = { from: 3_600_000, to: 7_200_000 };
    expect(estimateBattery(battery, hour)).toEqual({ charge: 0.5, takes: { from: 0.25, to: 0.5 } });
    expect(estimateBattery({ ...battery, isCharging: true }, hour)).toBeNull();
    expect(estimateBattery({ ...battery, hoursLeft: null }, hour)).toBeNull();
    expect(estimateBattery({ kind: 'mains' }, hour)).toBeNull();
  });

  it('is drawn from all that came by with the same chance', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const late = Array.from({ length: 200 }, () => {
      const sample = createSample<number>(random);
      for (let at = 0; at < 400; at += 1) sample.offer(at);
      expect(sample.items()).toHaveLength(20);
      return sample.items().filter((at) => at >= 200).length;
    });
    const mean = late.reduce((sum, count) => sum + count, 0) / late.length;
    expect(mean).toBeGreaterThan(9);
    expect(mean).toBeLessThan(11);
  });

  it('reads files only where their size leaves a doubt', async () => {
    const read: string[] = [];
    const contents: Readonly<Record<string, string>> = { a: 'one', b: 'two', c: 'one', d: 'four' };
    const twins = createTwins((file) => {
      read.push(file);
      return Promise.resolve(contents[file] ?? null);
    });
    const file = (name: string) => ({
      path: name,
      size: contents[name]!.length,
      mtimeNs: 0n,
      inode: 0n,
    });
    expect(await twins.isTwin(file('d'), null)).toBe(false);
    expect(await twins.isTwin(file('a'), null)).toBe(false);
    expect(read).toEqual([]);
    expect(await twins.isTwin(file('b'), null)).toBe(false);
    expect(await twins.isTwin(file('c'), 'one')).toBe(true);
    expect(read).toEqual(['a', 'b']);
  });
});
