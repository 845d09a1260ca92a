import { linkSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { inLong } from '../long.ts';
import { value } from './bridge.ts';
import { startRun } from './card.ts';
import { dropFiles } from './launch.ts';
import { openMeasured } from './look.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { expect, test } from './program.ts';
import { runList, runRows } from './screen.ts';

const long = 'Season card of the northern ridge, Übergang am Wildwechsel (second battery), October 2026';
/** In the usual run a tenth: a list that is drawn in part all the same. */
const total = inLong(10_000, 1_000);

const newRun = (page: Page) => page.getByRole('complementary', { name: 'New run' });
const ended = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Earlier' }).getByRole('listitem', { name: title, exact: true });

test('runs can be read and reached: none, many, thousands of photos, long names, and a fault on screen', async ({
  open,
  folder,
}) => {
  test.setTimeout(320_000);
  const card = path.join(folder, long);
  writeCard(card);
  const few = path.join(folder, 'few');
  writePhotos(few, 1);
  const program = await open();
  const { page, complaints } = program;
  const { found, look } = await openMeasured(page);
  await page.keyboard.press('Control+2');
  await expect(page.getByText('No run yet.')).toBeVisible();
  await look('no run');

  await test.step('a folder that is gone before it was looked at', async () => {
    const removed = path.join(folder, `${long}, gone`);
    mkdirSync(removed);
    await dropFiles(page, [removed]);
    await expect(newRun(page).getByRole('button', { name: 'Start' })).toBeVisible();
    rmSync(removed, { recursive: true });
    await newRun(page).getByRole('button', { name: 'Start' }).click();
    await expect(page.getByRole('alert')).toContainText('gone is not there.');
    // It is looked at once more, and is not looked for without end.
    await expect(newRun(page).getByRole('region', { name: 'Found' })).toContainText('No longer there 1');
    await expect(newRun(page)).not.toContainText('still looking');
    await look('a folder that is gone');
    await page.keyboard.press('Control+2');
  });

  await dropFiles(page, [card]);
  await expect(newRun(page).getByRole('region', { name: 'Found' })).toContainText(
    (total + 4).toLocaleString('en'),
    {
      timeout: 90_000,
    },
  );
  await look('a new run');
  await newRun(page).getByRole('button', { name: 'Start' }).click();
  await expect(runRows(page).first()).toBeVisible({ timeout: 60_000 });
  await look('a run under way');
  await page.keyboard.press('Control+2');
  await look('runs with one under way');
  const [run] = await value(page, 'runs.list');
  await expect
    .poll(async () => (await value(page, 'runs.get', { run: run!.id })).kind, { timeout: 150_000 })
    .toBe('done');

  for (let at = 0; at < 30; at += 1) await startRun(program, few);
  await expect(ended(page, 'few').first()).toBeVisible();
  await look('runs');
  // Below thirty others its line is not drawn yet.
  await page.keyboard.press('Control+f');
  await page.keyboard.type('northern');
  // Of what could not be read there is a long word in German, beside which the model and the day are read too.
  await expect(ended(page, long)).toBeVisible();
  await look('a run that is over, with faults');
  await ended(page, long).getByRole('button', { name: long, exact: true }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible();
  await look('thousands of photos');
  await test.step('its tools are one line in German', async () => {
    await value(page, 'settings.set', { language: 'de' });
    await expect(page.getByRole('textbox', { name: /Name, Ordner/u })).toBeVisible();
    await expect
      .poll(() =>
        page.evaluate(() => {
          const tops = [...document.querySelectorAll('.run-tools > *')].map(
            (each) => each.getBoundingClientRect().top,
          );
          return [innerWidth, new Set(tops.map(Math.round)).size];
        }),
      )
      .toEqual([1280, 1]);
    await value(page, 'settings.set', { language: 'en' });
  });
  await runList(page).press('Shift+ArrowDown');
  await expect(page.locator('.picked-foot strong')).toHaveText('2 photos selected');
  await look('photos selected');
  await runList(page).press('Escape');
  await runList(page).press('End');
  await expect(page.getByText('0 below.')).toBeVisible();
  await look('the last of thousands of photos');
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByRole('dialog').getByRole('radio').first()).toBeFocused();
  await look('the export of a run');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});

/** Photos of which most are the same few, as links that take no room, beside files that cannot be read. */
function writeCard(card: string): void {
  writePhotos(card, 3);
  const lastYear = new Date(Date.now() - 365 * 24 * 3_600_000);
  for (let at = 0; at < 3; at += 1) utimesSync(path.join(card, `photo-000${at}.jpg`), lastYear, lastYear);
  for (let at = 3; at < total; at += 1)
    linkSync(
      path.join(card, `photo-000${at % 3}.jpg`),
      path.join(card, `North ridge camera 07, 2026-10-14 05-31-22 IMG_${String(at).padStart(5, '0')}.jpg`),
    );
  writeBadPhotos(card);
}
