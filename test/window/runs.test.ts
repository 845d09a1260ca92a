import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { outpost as commandLine } from '../flow/cli-process.ts';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { exportDialog } from './export-dialog.ts';
import { dropFiles } from './launch.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { answerDialog, answerSave, expect, oneProgram, test } from './program.ts';
import { runList, runRows } from './screen.ts';
import { recordTasks } from './tasks.ts';

const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name });
const newRun = (page: Page) => page.getByRole('complementary', { name: 'New run' });
const ended = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Earlier' }).getByRole('listitem', { name: title });
const card = (page: Page, title: string) => page.getByRole('article', { name: title });

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`nothing with the name ${name.source} was reached`);
}

/** The question of a program that quits is kept, and answered by the button with this number. */
async function answerQuestion(app: ElectronApplication, response: number): Promise<void> {
  await app.evaluate(({ dialog }, button) => {
    dialog.showMessageBox = ((...given: unknown[]) => {
      (globalThis as { asked?: unknown }).asked = given.at(-1);
      return Promise.resolve({ response: button, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  }, response);
}

const outpost = oneProgram();

test('from a new run to the exported file by the keyboard alone', async ({ folder }) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  const photos = path.join(folder, 'north ridge');
  writePhotos(photos, 6);
  writeBadPhotos(photos);
  await expect(page.getByRole('button', { name: 'Choose photos' })).toBeFocused();

  await page.keyboard.press('Control+2');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Runs');
  await expect(page.getByText('No run yet.')).toBeVisible();
  await tabTo(page, /^Choose a folder$/u);
  await answerDialog(app, [photos]);
  await page.keyboard.press('Enter');

  await test.step('what it would be is known before it starts', async () => {
    await expect(newRun(page).getByRole('button', { name: 'Start' })).toBeFocused();
    const found = newRun(page).getByRole('region', { name: 'Found' });
    await expect(found).toContainText(/Photos.*JPEG 7, PNG 1.*10/u, { timeout: 30_000 });
    await expect(found).toContainText(/Could not be read.*Empty file 1.*2/u);
    await expect(newRun(page)).toContainText(/Measured on \d+ of these photos just now/u, {
      timeout: 60_000,
    });
    expect(await value(page, 'runs.list')).toEqual([]);
  });

  await test.step('it runs, and its photos are there', async () => {
    await page.keyboard.press('Enter');
    await expect(runList(page)).toBeFocused();
    await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 60_000 });
    await expect(runRows(page)).toHaveCount(10);
    await expect(page.getByRole('list', { name: 'Steps' })).toContainText('10 photos');
  });

  await test.step('why files failed is a line for each reason, which shows them', async () => {
    await tabTo(page, /^Empty file/u);
    await page.keyboard.press('Enter');
    await expect(runRows(page)).toHaveCount(1);
    await expect(runRows(page)).toContainText('empty.jpg');
    await page.keyboard.press('Enter');
    await expect(runRows(page)).toHaveCount(4);
  });

  await test.step('one of its photos is opened, without what Try offers next', async () => {
    await runList(page).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Back to the list' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy labels' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^(?:Choose photos|Run a folder)$/u })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(runList(page)).toBeFocused();
  });

  await test.step('and leaves as a file', async () => {
    const file = path.join(folder, 'ridge.csv');
    await answerSave(app, file);
    await tabTo(page, /^Export…$/u);
    await page.keyboard.press('Enter');
    const dialog = exportDialog(page);
    await expect(dialog.getByRole('radio').first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toContainText('is written: 10 photos.');
    expect(readFileSync(file, 'utf8').trimEnd().split('\r\n')).toHaveLength(11);
    await expect(dialog.getByRole('button', { name: 'Done' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  });

  await test.step('the list has it, and another can be looked for', async () => {
    await page.keyboard.press('Control+2');
    await expect(ended(page, 'north ridge')).toContainText('4 not read');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('ridgeless');
    await expect(page.getByText('No run fits.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(ended(page, 'north ridge')).toBeVisible();
  });
  expect(complaints).toEqual([]);
});

test('an interrupted run is there after a restart and goes on with one click; quitting says so before', async ({
  open,
  folder,
}) => {
  test.setTimeout(150_000);
  const photos = path.join(folder, 'card');
  const data = path.join(folder, 'data');
  mkdirSync(data);
  writePhotos(photos, 120);
  const first = await open({ data });
  await answerDialog(first.app, [photos]);
  await nav(first.page, 'Runs').click();
  await newRun(first.page).getByRole('button', { name: 'Choose a folder' }).click();
  await newRun(first.page).getByRole('button', { name: 'Start' }).click();
  const [run] = await value(first.page, 'runs.live');
  await expect
    .poll(async () => (await value(first.page, 'runs.get', { run: run!.id })).counts.answered)
    .toBeGreaterThan(3);

  // One click on a photo hides no run.
  await nav(first.page, 'Try').click();
  await first.page.locator('.sample-card').first().click();
  await expect(first.page.getByRole('img', { name: 'A run is under way' })).toBeVisible();

  await answerQuestion(first.app, 1);
  await first.app.evaluate(({ app }) => app.quit());
  await expect
    .poll(() => first.app.evaluate(() => (globalThis as { asked?: { detail: string } }).asked?.detail ?? ''))
    .toMatch(/card: \d+ \/ 120[^]*interrupted/u);
  await expect(first.page.getByRole('img', { name: 'A run is under way' })).toBeVisible();
  await first.close();

  const second = await open({ data });
  await nav(second.page, 'Runs').click();
  const line = ended(second.page, 'card');
  await expect(line).toContainText('Interrupted');
  await line.getByRole('button', { name: 'Go on with card' }).click();
  await expect(card(second.page, 'card')).toBeVisible();
  await expect(ended(second.page, 'card')).toContainText('no faults', { timeout: 90_000 });
  const done = await value(second.page, 'runs.get', { run: run!.id });
  expect(done).toMatchObject({ kind: 'done', counts: { found: 120, answered: 120, faults: 0 } });

  await test.step('it is run again with another version, deleted, and brought back', async () => {
    await ended(second.page, 'card').getByRole('button', { name: 'More for card' }).click();
    await second.page.getByRole('menuitem', { name: 'Delete…' }).click();
    await expect(ended(second.page, 'card')).toContainText('Delete this run with its list?');
    await second.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(ended(second.page, 'card')).toHaveCount(0);
    await second.page.getByRole('button', { name: 'Undo' }).click();
    await expect(ended(second.page, 'card')).toBeVisible();
    await ended(second.page, 'card').getByRole('button', { name: 'More for card' }).click();
    await second.page.getByRole('menuitem', { name: /^Camera triage/u }).click();
    await expect(runList(second.page)).toBeVisible();
    const [again] = await value(second.page, 'runs.list');
    expect(again).toMatchObject({ title: 'card', model: 'camera-triage' });
    await value(second.page, 'runs.stop', { run: again!.id });
  });
});

test('a run of the command line appears, moves and ends in the window', async ({ folder }) => {
  test.setTimeout(120_000);
  const photos = path.join(folder, 'stick');
  writePhotos(photos, 400);
  const { page, data } = await outpost.loaded();
  await nav(page, 'Runs').click();
  const command = commandLine(['run', 'start', photos, '--data', data, '--no-cache']);
  const live = card(page, 'stick');
  await expect(live).toBeVisible({ timeout: 60_000 });
  await expect(live).toContainText('command line');
  const count = async (): Promise<number> =>
    Number(/^\d+/u.exec((await live.locator('.title').textContent({ timeout: 5_000 })) ?? '')?.[0] ?? 0);
  const before = await count();
  await expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(before);
  await live.getByRole('button', { name: 'Pause' }).click();
  await expect(ended(page, 'stick')).toContainText(/Paused.*command line/u, { timeout: 30_000 });
  expect((await command).code).toBe(130);
  await ended(page, 'stick').getByRole('button', { name: 'stick', exact: true }).click();
  await expect(runRows(page).first()).toBeVisible();
});

test('what is dropped in Runs is looked at; three themes and German have no barriers; a run never holds the window', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const photos = path.join(folder, `A very long name of a folder ${'that goes on and on '.repeat(6)}2026`);
  writePhotos(photos, 80);
  writeBadPhotos(photos);
  const { app, page, complaints } = await outpost.loaded();
  await nav(page, 'Runs').click();
  await dropFiles(page, [photos]);
  await expect(newRun(page).getByRole('region', { name: 'Found' })).toContainText('84', { timeout: 30_000 });
  const themes = ['light', 'dark', 'contrast'] as const;
  for (const theme of themes) {
    await value(page, 'settings.set', { theme });
    await noBarriers(page, `new run, ${theme}`);
  }
  const stop = await recordTasks(app, path.join(folder, 'trace.json'));
  await newRun(page).getByRole('button', { name: 'Start' }).click();
  await expect(runRows(page).nth(5)).toBeVisible({ timeout: 60_000 });
  for (let press = 0; press < 20; press += 1) await page.keyboard.press('ArrowDown');
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  const tasks = await stop();
  const longest = tasks.toSorted((one, other) => other.ownMs - one.ownMs).slice(0, 5);
  test.info().annotations.push({ type: 'longest tasks of the page', description: JSON.stringify(longest) });
  expect(tasks.length).toBeGreaterThan(100);
  // Its own time: how long it waited for a processor says more about what else this machine does.
  expect(longest.filter(({ ownMs }) => ownMs > 100)).toEqual([]);

  for (const theme of themes) {
    await value(page, 'settings.set', { theme });
    await noBarriers(page, `a run, ${theme}`);
  }
  await value(page, 'settings.set', { language: 'de' });
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('list', { name: 'Frühere' }).getByRole('listitem').first()).toContainText(
    '4 ungelesen',
  );
  for (const theme of themes) {
    await value(page, 'settings.set', { theme });
    await noBarriers(page, `runs, ${theme}`);
  }
  expect(existsSync(photos)).toBe(true);
  expect(complaints).toEqual([]);
});
