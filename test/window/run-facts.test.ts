import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { finished, value } from './bridge.ts';
import { startRun } from './card.ts';
import { writeCsv } from './export-dialog.ts';
import { fixture } from './launch.ts';
import { writePhotos } from './photos.ts';
import { answerDialog, expect, oneProgram, test } from './program.ts';
import { runList, runRows } from './screen.ts';

/* What a run says of itself, and what can be done with it before it is over. */

const outpost = oneProgram();
const done = (page: Page) => page.getByText('Done. Every answer is kept.');

test('a list of paths is a run; what could not be read is copied whole, with its folders', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  const card = path.join(folder, 'card');
  writePhotos(path.join(card, 'photos'), 2);
  mkdirSync(path.join(card, 'broken'));
  const broken = Array.from({ length: 130 }, (_, at) =>
    path.join('broken', `IMG_${String(at).padStart(3, '0')}.jpg`),
  );
  for (const file of broken) writeFileSync(path.join(card, file), 'no picture');
  const list = path.join(card, 'season.txt');
  writeFileSync(list, ['photos/photo-0000.jpg', ...broken, 'photos/photo-0001.jpg', ''].join('\n'));
  await page.keyboard.press('Control+2');
  const form = page.getByRole('complementary', { name: 'New run' });
  await answerDialog(app, [list]);
  await form.getByRole('button', { name: 'Choose a list' }).click();
  await expect(form.getByRole('region', { name: 'Found' })).toContainText('132', { timeout: 30_000 });
  await form.getByRole('button', { name: 'Start' }).click();
  await expect(done(page)).toBeVisible({ timeout: 60_000 });
  // Windows of other tests copy to the same clipboard.
  await expect(async () => {
    await page.getByRole('button', { name: 'Copy list' }).click();
    const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied.trimEnd().split('\n')).toEqual(
      broken.map((file) => expect.stringContaining(path.join(card, file))),
    );
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText(/130 .*cop/iu).first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a folder without photos says so, and what else was there', async ({ folder }) => {
  const { app, page, complaints } = await outpost.loaded();
  const notes = path.join(folder, 'only-notes');
  mkdirSync(notes);
  writeFileSync(path.join(notes, 'notes.txt'), 'nothing');
  await answerDialog(app, [notes]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(page.getByText('There is no photo in only-notes.').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/1 other file/u).first()).toBeVisible();
  await expect(done(page)).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('a run keeps its model when another one is chosen, and lists all labels that were seen', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  const card = path.join(folder, 'creek');
  mkdirSync(card);
  const names = 'astronaut brick camera chelsea clock_motion coffee grass gravel'
    .split(' ')
    .map((name) => `${name}.png`);
  for (const name of [...names, 'hubble_deep_field.jpg', 'retina.jpg', 'rocket.jpg'])
    copyFileSync(fixture('photos', name), path.join(card, name));
  await answerDialog(app, [card]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(done(page)).toBeVisible({ timeout: 60_000 });
  await expect(runRows(page).first()).toBeVisible();
  const rows = await runRows(page).allInnerTexts();
  const unsure = page.getByRole('radio', { name: /^Unsure/u }).or(page.getByText(/^Unsure/u));
  const tab = await unsure.first().textContent();
  const [run] = await value(page, 'runs.list');
  const { top } = await value(page, 'runs.summary', { run: run!.id });
  expect(top.length).toBeGreaterThan(8);
  const seen = page.locator('.run-seen li');
  await expect(seen).toHaveCount(8);
  await page.getByRole('button', { name: new RegExp(`${top.length - 8} more`, 'u') }).click();
  await expect(seen).toHaveCount(top.length);

  await value(page, 'settings.set', { model: 'camera-triage' });
  await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('Camera triage');
  // What made it is said, and stays.
  await runList(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  expect((await value(page, 'runs.list'))[0]).toMatchObject({
    model: 'efficientnet-lite0',
    version: '1.0.0',
  });
  expect(await runRows(page).allInnerTexts()).toEqual(rows);
  expect(await unsure.first().textContent()).toBe(tab);
  expect(complaints).toEqual([]);
});

test('while a run goes on its photos are filtered and leave as a file', async ({ folder }) => {
  test.setTimeout(180_000);
  const { app, page, complaints } = await outpost.loaded();
  const card = path.join(folder, 'meadow');
  writePhotos(card, 240);
  const { id } = await startRun({ app, page }, card);
  await page.keyboard.press('Control+2');
  await page.getByRole('article', { name: 'meadow' }).getByRole('button', { name: 'meadow' }).first().click();
  await expect(runRows(page).nth(8)).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+f');
  await page.keyboard.type('photo-0003');
  await expect(runRows(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(runRows(page).nth(8)).toBeVisible();
  await page.getByRole('button', { name: 'Export…' }).click();
  const lines = await writeCsv({ app, page }, path.join(folder, 'meadow.csv'));
  const state = await value(page, 'runs.get', { run: id });
  expect(state.kind).toBe('running');
  expect(lines.length).toBeGreaterThan(8);
  expect(lines.length).toBeLessThanOrEqual(state.counts.answered);
  await expect(runList(page)).toBeVisible();
  await finished(page, id);
  expect(complaints).toEqual([]);
});

test('by a setting an interrupted run goes on by itself at the next start', async ({ open, folder }) => {
  test.setTimeout(180_000);
  const photos = path.join(folder, 'pass');
  const data = path.join(folder, 'data');
  mkdirSync(data);
  writePhotos(photos, 120);
  const first = await open({ data });
  await value(first.page, 'settings.set', { resumeRuns: true });
  const { id } = await startRun(first, photos);
  const answered = async (page: Page): Promise<number> =>
    (await value(page, 'runs.get', { run: id })).counts.answered;
  await expect.poll(() => answered(first.page), { timeout: 60_000 }).toBeGreaterThan(3);
  first.app.process().kill('SIGKILL');
  await first.close();
  const second = await open({ data });
  await finished(second.page, id);
  expect(await value(second.page, 'runs.get', { run: id })).toMatchObject({
    kind: 'done',
    counts: { found: 120, answered: 120, faults: 0 },
  });
});
