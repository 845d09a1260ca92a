import { copyFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunState } from '../../../contract/runs/run.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { findFolder } from '../../../main/engine/runs/input-volume.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { taken } from '../../fixtures/taken.ts';
import { newFolder } from '../../temp/folder.ts';

let data: string;
let opened: OpenedEngine;
const open = (): Promise<OpenedEngine> =>
  openTestEngine({ dataFolder: data, override: { workers: 2, threads: 1, variant: 'int8' } });
beforeEach(async () => {
  data = newFolder();
  opened = await open();
});
afterEach(() => opened.close());

/** Photos in each of three folders: so many that the run is not over while it is paused, or another process looks at it. */
const many = 80;
const several = 40;
const few = 12;
/** Photos in folders, some of whose names sort otherwise than numbers do, and files that are none. */
function cardOf(perFolder: number): string {
  const card = path.join(newFolder(), 'card');
  for (let at = 0; at < 3 * perFolder; at += 1) {
    const folder = path.join(card, `${Math.floor(at / perFolder)}`);
    mkdirSync(folder, { recursive: true });
    copyFileSync(fixture('photos/rocket.jpg'), path.join(folder, `IMG ${at % perFolder}.jpg`));
  }
  writeFileSync(path.join(card, '1', 'notes.txt'), 'none');
  return card;
}
const stateOf = async (run: string): Promise<RunState> => taken(await opened.engine.runs.get(run));
const begin = async (inputs: readonly string[], title = 'card'): Promise<string> =>
  taken(await opened.engine.runs.start({ title, inputs, useCache: false })).id;
const untilAnswered = (run: string, least: number): Promise<void> =>
  expect
    .poll(async () => (await stateOf(run)).counts.answered, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(least);
const untilKind = (run: string, kind: RunState['kind']): Promise<void> =>
  expect.poll(async () => (await stateOf(run)).kind, { timeout: 60_000, interval: 50 }).toBe(kind);
const rowsOf = async (run: string): Promise<readonly string[]> => {
  const all = { run, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 500 } as const;
  return (await opened.engine.runs.page(all, (file) => file)).rows.map(({ ref }) => ref);
};
const inWalkOrder = (card: string, perFolder: number): readonly string[] =>
  ['0', '1', '2'].flatMap((folder) =>
    Array.from({ length: perFolder }, (_, at) => `IMG ${at}.jpg`)
      .sort()
      .map((name) => path.join(card, folder, name)),
  );

test('a run is paused and gone on with, also by another process: each photo once, in the order of the walk', async () => {
  const card = cardOf(many);
  const other = await open();
  const run = await begin([card]);
  await untilAnswered(run, 5);
  const paused = taken(await opened.engine.runs.pause(run));
  expect(paused).toMatchObject({ kind: 'paused', by: 'person', leftMs: 0 });
  const before = paused.counts.answered;
  expect(before).toBeLessThan(3 * many);
  taken(await opened.engine.runs.resume(run));
  await untilAnswered(run, before + 5);

  expect((await other.engine.runs.list()).map(({ id, kind }) => [id, kind])).toEqual([[run, 'running']]);
  const refused = await other.engine.runs.resume(run);
  const why = refused.ok ? null : refused.fault;
  expect(why).toMatchObject({ code: 'run-under-way', params: { run } });
  // As a person knows it: by its title and its day.
  const { title, startedAt } = paused;
  expect(why?.message).toContain(`The run ${title}, begun ${startedAt.slice(0, 4)}-`);
  expect(why?.message).not.toContain(run);
  expect(taken(await other.engine.runs.pause(run))).toMatchObject({ kind: 'paused', by: 'person' });
  // Nobody owns what a person paused: whoever goes on with it does.
  taken(await other.engine.runs.resume(run));
  await other.engine.runs.settled(run);
  for (const act of ['pause', 'stop'] as const) {
    const late = await other.engine.runs[act](run);
    expect(late).toMatchObject({ fault: { code: 'run-finished' } });
    expect(late.ok ? '' : late.fault.message).not.toContain(run);
  }
  await other.close();

  const done = await stateOf(run);
  expect(done).toMatchObject({
    kind: 'done',
    counts: { found: 3 * many, answered: 3 * many, faults: 0, scanned: true, leftOut: { other: 1 } },
  });
  expect(await rowsOf(run)).toEqual(inWalkOrder(card, many));
  expect((await opened.engine.runs.summary(run)).top[0]?.count).toBe(3 * many);
}, 120_000);

test('the folder goes away in mid-run: the run waits, names it, and goes on when it is back; nothing counts as not read', async () => {
  const card = cardOf(several);
  const run = await begin([card]);
  await untilAnswered(run, 5);
  renameSync(card, `${card} elsewhere`);
  await untilKind(run, 'paused');
  const paused = await stateOf(run);
  expect(paused).toMatchObject({ by: 'drive', fault: { code: 'drive-gone', params: { folder: card } } });
  expect(paused.counts.faults).toBe(0);
  renameSync(`${card} elsewhere`, card);
  await opened.engine.runs.settled(run);
  expect(await stateOf(run)).toMatchObject({ kind: 'done', counts: { answered: 3 * several, faults: 0 } });
  expect(await rowsOf(run)).toEqual(inWalkOrder(card, several));
}, 120_000);

test('whoever waits for the end of a run is not told while it is being gone on with', async () => {
  const card = cardOf(several);
  const run = await begin([card]);
  await untilAnswered(run, 5);
  renameSync(card, `${card} elsewhere`);
  await untilKind(run, 'paused');
  renameSync(`${card} elsewhere`, card);
  const resumed = opened.engine.runs.resume(run);
  let isResumed = false;
  void resumed.finally(() => (isResumed = true));
  const ends: Promise<RunState['kind']>[] = [];
  while (!isResumed) {
    ends.push(opened.engine.runs.settled(run).then(async () => (await stateOf(run)).kind));
    await new Promise((resolve) => setImmediate(resolve));
  }
  taken(await resumed);
  expect(new Set(await Promise.all(ends))).toEqual(new Set(['done']));
}, 120_000);

test('a drive is known at another place by what is on it, and another drive is not taken for it', async () => {
  const card = cardOf(few);
  const mounts = newFolder();
  const witnesses = ['0/IMG 0.jpg', '2/IMG 7.jpg'].map((below) => ({
    below,
    sizeBytes: statSync(path.join(card, below)).size,
  }));
  const mounted = () => Promise.resolve([path.join(mounts, 'OTHER'), path.join(mounts, 'CARD1')]);
  expect(await findFolder(card, witnesses, mounted)).toBe(card);
  mkdirSync(path.join(mounts, 'CARD1'));
  renameSync(card, path.join(mounts, 'CARD1', 'card'));
  mkdirSync(path.join(mounts, 'OTHER', 'card', '0'), { recursive: true });
  writeFileSync(path.join(mounts, 'OTHER', 'card', '0', 'IMG 0.jpg'), 'another');
  expect(await findFolder(card, witnesses, mounted)).toBe(path.join(mounts, 'CARD1', 'card'));
  rmSync(path.join(mounts, 'CARD1'), { recursive: true });
  expect(await findFolder(card, witnesses, mounted)).toBeNull();
});

test('failed photos are answered again in their places, and only they are', async () => {
  const card = cardOf(few);
  const [broken, empty] = [path.join(card, '0', 'IMG 3.jpg'), path.join(card, '2', 'IMG 3.jpg')];
  writeFileSync(broken, 'no photo');
  writeFileSync(empty, '');
  const run = await begin([card]);
  await opened.engine.runs.settled(run);
  expect((await stateOf(run)).counts).toMatchObject({ answered: 3 * few - 2, faults: 2 });
  copyFileSync(fixture('photos/rocket.jpg'), broken);
  // What came since is no part of the run.
  copyFileSync(fixture('photos/rocket.jpg'), path.join(card, '2', 'new.jpg'));
  const faults = { run, show: 'faults', unsureBelow: 0, search: '', offset: 0, limit: 9 } as const;
  expect((await opened.engine.runs.page(faults, (file) => file)).total).toBe(2);
  taken(await opened.engine.runs.retry(run));
  await opened.engine.runs.settled(run);
  expect(await stateOf(run)).toMatchObject({
    kind: 'done',
    counts: { found: 3 * few, answered: 3 * few - 1, faults: 1 },
  });
  const left = await opened.engine.runs.page(faults, (file) => file);
  expect(left.rows.map(({ ref }) => ref)).toEqual([empty]);
  expect(await rowsOf(run)).toEqual(inWalkOrder(card, few));
}, 120_000);

test('closing interrupts a run, the next start finds it; removed, it can be brought back until the store is closed', async () => {
  const card = cardOf(many);
  const run = await begin([card]);
  await untilAnswered(run, 3);
  await opened.close();
  opened = await open();
  expect((await opened.engine.runs.list()).map(({ id, kind }) => [id, kind])).toEqual([[run, 'interrupted']]);
  taken(await opened.engine.runs.remove(run));
  expect(await opened.engine.runs.list()).toEqual([]);
  expect(taken(await opened.engine.runs.restore(run))).toMatchObject({ kind: 'interrupted' });
  taken(await opened.engine.runs.remove(run));
  const answers = (await opened.store.cacheStats()).answers;
  await opened.close();
  opened = await open();
  const restored = await opened.engine.runs.restore(run);
  expect(restored.ok ? '' : restored.fault.code).toBe('run-not-found');
  expect((await opened.store.cacheStats()).answers).toBe(answers);
}, 120_000);
