import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { RunCheck } from '../../contract/runs/run-check.ts';
import { newFolder } from '../temp/folder.ts';
import { bad, outpost, photo, plantPhotos, root } from './cli-process.ts';

const runsIn = async (data: string): Promise<readonly unknown[]> =>
  JSON.parse((await outpost(['run', 'list', '--json', '--data', data])).out) as [];

test('run start --check tells what a run would be, starts none, and its sample is not answered twice', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const photos = path.join(folder, 'photos');
  const planted = plantPhotos(photos, 25);
  copyFileSync(photo('camera.png'), path.join(photos, 'one.png'));
  copyFileSync(photo('camera.png'), path.join(photos, 'same content.png'));
  writeFileSync(path.join(photos, 'empty.jpg'), '');
  copyFileSync(bad('text.jpg'), path.join(photos, 'text.jpg'));
  writeFileSync(path.join(photos, 'notes.txt'), 'left out');

  const checked = await outpost(['run', 'start', photos, '--check', '--data', data]);
  expect(checked.code).toBe(2);
  const report = JSON.parse(checked.out) as RunCheck;
  expect(report).toMatchObject({
    scanned: true,
    isOver: true,
    found: 29,
    unreadable: 2,
    twice: 1,
    leftOut: { other: 1, hidden: 0, system: 0 },
  });
  // Nothing was answered before; of the 20 the first, which waits for the model, is not timed.
  expect(report).toMatchObject({ timing: { sample: 19 }, reused: 0 });
  expect(report.kinds.map(({ kind, count }) => [kind, count])).toEqual([
    ['JPEG', planted.length],
    ['PNG', 2],
  ]);
  expect(report.timeMs!.from).toBeGreaterThan(0);
  expect(report.timeMs!.to).toBeGreaterThanOrEqual(report.timeMs!.from);
  expect(report.disk!.neededBytes).toBeGreaterThan(0);
  expect(await runsIn(data)).toEqual([]);

  // What was timed is stored: the check finds it, and the run takes it from there.
  const again = JSON.parse(
    (await outpost(['run', 'start', photos, '--check', '--data', data])).out,
  ) as RunCheck;
  expect(again.reused).toBeGreaterThanOrEqual(20);
  const run = await outpost(['run', 'start', photos, '--data', data]);
  expect(run.code).toBe(2);
  const cached = run.out.split('\n').filter((line) => line.includes('"cached":true')).length;
  expect(cached).toBeGreaterThanOrEqual(20);
  const whole = await outpost(['run', 'start', planted[0]!, '--check', '--data', data]);
  expect([whole.code, JSON.parse(whole.out)]).toMatchObject([0, { found: 1, reused: 1, timing: null }]);
}, 240_000);

test('run start --check of nothing, and of a model that is not there, says so and starts nothing', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  mkdirSync(path.join(folder, 'none'));
  const none = await outpost(['run', 'start', path.join(folder, 'none'), '--check', '--data', data]);
  expect([none.code, none.error]).toEqual([1, expect.stringContaining('nothing-to-do')]);
  const unknown = await outpost(['run', 'start', folder, '--check', '--model', 'nobody', '--data', data]);
  expect([unknown.code, unknown.error]).toEqual([1, expect.stringContaining('model-not-found')]);
  expect(await runsIn(data)).toEqual([]);
}, 120_000);

test('run start --thorough answers by tiles, keeps to it when it is gone on with, and is refused where it means nothing', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const photos = path.join(folder, 'photos');
  mkdirSync(photos);
  const sheet = readFileSync(path.join(root, 'models', 'camera-triage', 'samples', 'sheet.jpg'));
  writeFileSync(path.join(photos, 'a.jpg'), sheet);
  const start = ['run', 'start', photos, '--model', 'camera-triage', '--data', data];
  type Line = { readonly run?: string; readonly result?: { readonly detections: readonly unknown[] } };
  const boxesOf = (out: string): readonly unknown[] =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      .find(({ result }) => result)!.result!.detections;
  const plain = await outpost(start);
  const thorough = await outpost([...start, '--thorough']);
  expect([plain.code, thorough.code]).toEqual([0, 0]);
  expect(boxesOf(thorough.out)).not.toEqual(boxesOf(plain.out));
  // A run that is done again asks in the same way.
  const { run } = JSON.parse(thorough.out.split('\n')[0]!) as Line;
  const again = await outpost(['run', 'again', run!, '--data', data]);
  expect([again.code, boxesOf(again.out)]).toEqual([0, boxesOf(thorough.out)]);
  expect(again.out).toContain('"cached":true');
  const refused = await outpost([
    'run',
    'start',
    photos,
    '--model',
    'efficientnet-lite0',
    '--thorough',
    '--data',
    data,
  ]);
  expect([refused.code, refused.error]).toEqual([
    1,
    expect.stringContaining('does not take the option thorough'),
  ]);
}, 240_000);
