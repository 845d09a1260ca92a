import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { canMountIn, makeDriveIn, mountMemory, unmountAll } from '../fixtures/mounting.ts';
import { noBarriersInAnyTheme } from './barriers.ts';
import { value, workerPids } from './bridge.ts';
import { startRun } from './card.ts';
import { openOffice, trustOffice } from './office.ts';
import { writePhotos } from './photos.ts';
import { expect, test } from './program.ts';

/* What a run waits for, and why it cannot go on, made to happen and read in the window. */

const card = (page: Page, title: string) => page.getByRole('article', { name: title });
const ended = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Earlier' }).getByRole('listitem', { name: title });
const untilAnswered = (page: Page, run: string, least: number): Promise<void> =>
  expect
    .poll(async () => (await value(page, 'runs.get', { run })).counts.answered, { timeout: 60_000 })
    .toBeGreaterThan(least);

test.afterEach(() => unmountAll());

test('a drive that is pulled in a run is waited for, by name, and the run goes on where it comes back', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  test.skip(!canMountIn(folder, 'ext4'), 'loop devices cannot be mounted here');
  const first = path.join(folder, 'stick');
  const second = path.join(folder, 'stick, again');
  const drive = makeDriveIn(folder, 200, 'ext4');
  drive.plug(first);
  writePhotos(path.join(first, 'ridge'), 80);
  const { app, page, complaints } = await open();
  const { id } = await startRun({ app, page }, path.join(first, 'ridge'));
  await page.keyboard.press('Control+2');
  await untilAnswered(page, id, 5);
  drive.pull(first);
  const waiting = card(page, 'ridge');
  await expect(waiting).toContainText('Waits: its drive is gone', { timeout: 60_000 });
  await expect(waiting.getByRole('status')).toContainText('ridge');
  await noBarriersInAnyTheme(page, 'a run that waits for its drive');
  const before = await value(page, 'runs.get', { run: id });
  expect(before).toMatchObject({ kind: 'paused', by: 'drive', counts: { faults: 0 } });
  drive.plug(second);
  await expect(ended(page, 'ridge')).toContainText('no faults', { timeout: 90_000 });
  expect(await value(page, 'runs.get', { run: id })).toMatchObject({
    kind: 'done',
    counts: { found: 80, answered: 80, faults: 0 },
  });
  drive.pull(second);
  expect(complaints.filter((text) => !/404/u.test(text))).toEqual([]);
});

test('a full disk pauses a run, which says so and goes on by itself when there is room', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  test.skip(!canMountIn(folder, 'tmpfs'), 'nothing can be mounted here');
  const data = path.join(folder, 'data');
  mountMemory(data, 160_000);
  const photos = path.join(folder, 'season');
  writePhotos(photos, 100);
  const program = await open({ data });
  const { page } = program;
  const { id } = await startRun(program, photos);
  await page.keyboard.press('Control+2');
  await untilAnswered(page, id, 5);
  const filler = path.join(data, 'filler');
  for (let size = 32_000_000; size >= 4_096; size = Math.floor(size / 2))
    for (let isFull = false; !isFull;)
      try {
        writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
      } catch {
        // What is left takes a smaller piece.
        isFull = true;
      }
  const waiting = card(page, 'season');
  await expect(waiting).toContainText('Waits: the disk is full', { timeout: 60_000 });
  await expect(waiting.getByRole('status')).toContainText(/full/iu);
  const paused = await value(page, 'runs.get', { run: id });
  expect(paused).toMatchObject({ kind: 'paused', by: 'disk-full', fault: { code: 'disk-full' } });
  expect(paused.counts.answered).toBeLessThan(100);
  rmSync(filler);
  await expect(ended(page, 'season')).toContainText('no faults', { timeout: 90_000 });
  expect(await value(page, 'runs.get', { run: id })).toMatchObject({
    kind: 'done',
    counts: { answered: 100, faults: 0 },
  });
  await program.close();
});

test('a run whose model was damaged under it says why it could not go on, and keeps what was answered', async ({
  open,
  folder,
}) => {
  test.setTimeout(240_000);
  const office = await openOffice(path.join(folder, 'office'));
  await office.publish('1.1.0', 'Once more.');
  const program = await open();
  const { page, app, data } = program;
  await trustOffice({ app, page, office, address: office.feed });
  await value(page, 'lifecycle.get', { model: 'efficientnet-lite0', version: '1.1.0' });
  const photos = path.join(folder, 'valley');
  mkdirSync(photos);
  writePhotos(photos, 120);
  const begun = await startRun(program, photos);
  await value(page, 'runs.stop', { run: begun.id });
  const { id } = await value(page, 'runs.again', { run: begun.id, model: 'efficientnet-lite0@1.1.0' });
  await untilAnswered(page, id, 3);
  await value(page, 'runs.pause', { run: id });
  await expect.poll(async () => (await value(page, 'runs.get', { run: id })).kind).toBe('paused');
  const packs = path.join(data, 'packs', 'efficientnet-lite0');
  const version = path.join(
    packs,
    readdirSync(packs).find((name) => name.startsWith('1.1.0-'))!,
  );
  const model = path.join(version, 'efficientnet-lite0.onnx');
  expect(existsSync(model)).toBe(true);
  chmodSync(model, 0o644);
  truncateSync(model, 1_000);
  for (const pid of await workerPids(app)) process.kill(pid, 'SIGKILL');
  await value(page, 'runs.resume', { run: id });
  await expect
    .poll(async () => (await value(page, 'runs.get', { run: id })).kind, { timeout: 90_000 })
    .toBe('failed');
  await page.keyboard.press('Control+2');
  const line = ended(page, 'valley').filter({ hasText: 'Could not go on' });
  await expect(line).toBeVisible();
  await line.getByRole('button', { name: 'valley', exact: true }).click();
  const why = page.getByRole('alert', { name: 'The run could not go on' });
  await expect(why).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  await noBarriersInAnyTheme(page, 'a run that could not go on');
  const state = await value(page, 'runs.get', { run: id });
  expect(state.counts.answered).toBeGreaterThan(3);
  expect(state.counts.answered + state.counts.faults).toBeLessThan(120);
});
