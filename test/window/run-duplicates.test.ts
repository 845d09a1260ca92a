import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { noBarriersInAnyTheme } from './barriers.ts';
import { value } from './bridge.ts';
import { openRunOf } from './card.ts';
import { exportDialog, writeCsv } from './export-dialog.ts';
import { expect, root, test } from './program.ts';
import { runRows } from './screen.ts';

const own = path.join(root, 'models', 'camera-triage', 'samples');

test('a photo that was copied twice onto a card says so, is filtered, and is exported once', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  await value(page, 'settings.set', { model: 'camera-triage' });
  const card = path.join(folder, 'card');
  for (const [name, to] of [
    ['raccoon.jpg', 'first/IMG_1.jpg'],
    ['sheet.jpg', 'first/IMG_2.jpg'],
    ['raccoon.jpg', 'second/IMG_1.jpg'],
  ] as const) {
    mkdirSync(path.dirname(path.join(card, to)), { recursive: true });
    copyFileSync(path.join(own, name), path.join(card, to));
  }
  await openRunOf({ app, page }, card);
  const rows = runRows(page);
  await expect(rows).toHaveCount(3);
  const mark = page.getByRole('img', { name: 'Same content as first/IMG_1.jpg' });
  await expect(mark).toHaveCount(1);
  await expect(rows.nth(2)).toContainText('second/');
  await expect(rows.nth(2).getByRole('img', { name: /^Same content/u })).toBeVisible();

  const seen = page.locator('.run-seen');
  const badgers = seen.getByRole('button', { name: /^badger/u }).locator('.number');
  await test.step('what was seen is counted with it, and without it where the list is', async () => {
    await expect(seen).toContainText('1 photo with the same content as another is counted too.');
    await expect(badgers).toHaveText('3');
    await seen.getByRole('button', { name: 'Without duplicates' }).click();
    await expect(rows).toHaveCount(2);
    await expect(badgers).toHaveText('2');
    await seen.getByRole('button', { name: 'All photos' }).click();
    await expect(rows).toHaveCount(3);
  });

  await test.step('the list is filtered by it', async () => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('combobox', { name: 'Same content' }).click();
    await page.getByRole('option', { name: 'Without duplicates 2' }).click();
    await expect(rows).toHaveCount(2);
    await expect(mark).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(badgers).toHaveText('2');
    await page.getByRole('button', { name: 'Remove: Same content Without duplicates' }).click();
    await expect(rows).toHaveCount(3);
    await expect(badgers).toHaveText('3');
  });

  await test.step('opened, it leads to the first one', async () => {
    await rows.nth(2).dblclick();
    await expect(page.getByText('Same content as first/IMG_1.jpg')).toBeVisible();
    await expect(page.getByText('3 of 3', { exact: true })).toBeVisible();
    await noBarriersInAnyTheme(page, 'a duplicate, opened');
    await page.getByRole('button', { name: 'Show it' }).click();
    await expect(page.getByText('1 of 3', { exact: true })).toBeVisible();
    await expect(page.getByText('Same content as first/IMG_1.jpg')).toHaveCount(0);
    await page.keyboard.press('Escape');
  });

  await test.step('an export leaves it out where that is wanted', async () => {
    await page.getByRole('button', { name: 'Export…' }).click();
    const dialog = exportDialog(page);
    await expect(dialog.getByText('3 photos.')).toBeVisible();
    await dialog
      .getByRole('switch', { name: 'Without the 1 photo that has the same content as another' })
      .click();
    await expect(dialog.getByText('2 photos.')).toBeVisible();
    const lines = await writeCsv({ app, page }, path.join(folder, 'card.csv'), 2);
    expect(lines.map((line) => line.split(',')[1])).toEqual(['first/IMG_1.jpg', 'first/IMG_2.jpg']);
  });
  expect(complaints).toEqual([]);
});
