import { copyFileSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { noBarriers } from './barriers.ts';
import { fixture } from './launch.ts';
import { answerDialog, expect, test } from './program.ts';
import { labelRow } from './screen.ts';

const card = {
  'cat.tif': 'variants/chelsea.tif',
  'cat turned.jpg': 'variants/chelsea-exif6.jpg',
  'cup.webp': 'variants/coffee.webp',
  'rocket.jpg': 'photos/rocket.jpg',
};

test('More like this lists photos that were answered before, opens one, and leads back', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const old = new Date(Date.now() - 60_000);
  const put = (from: string, to: string): string => {
    const file = path.join(folder, to);
    mkdirSync(path.dirname(file), { recursive: true });
    copyFileSync(fixture(from), file);
    utimesSync(file, old, old);
    return file;
  };
  const cat = put('photos/chelsea.png', 'cat.png');
  for (const [name, from] of Object.entries(card)) put(from, `card/${name}`);
  const { app, page, complaints } = await open();
  const more = page.getByRole('button', { name: 'More like this' });
  const list = page.getByRole('region', { name: 'More like this' });
  const photos = list.getByRole('listitem').getByRole('button');
  const showCat = async (): Promise<void> => {
    await answerDialog(app, [cat]);
    await page.getByRole('button', { name: 'Choose photos' }).click();
    await expect(labelRow(page, 'tiger cat').first()).toBeVisible({ timeout: 60_000 });
  };

  await test.step('with nothing stored, it says what to do', async () => {
    await showCat();
    await expect(more).toHaveAttribute('aria-expanded', 'false');
    await more.click();
    await expect(more).toHaveAttribute('aria-expanded', 'true');
    await expect(list).toContainText('EfficientNet-Lite0, and it has answered no other photo yet');
    await noBarriers(page, 'nothing is alike');
    await page.keyboard.press('m');
    await expect(list).toBeHidden();
  });

  await test.step('after a folder, those that are like it are there, best first', async () => {
    await answerDialog(app, [path.join(folder, 'card')]);
    await page.getByRole('button', { name: 'Run a folder' }).first().click();
    await expect(page.getByText('rocket.jpg').first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('Done. Every answer is kept.').first()).toBeVisible({ timeout: 60_000 });
    await showCat();
    await page.keyboard.press('m');
    await expect(photos).toHaveCount(2);
    await expect(photos.nth(0)).toContainText('cat.tif');
    await expect(photos.nth(0)).toContainText('100%');
    await expect(photos.nth(1)).toContainText('cat turned.jpg');
    await expect(photos.nth(1)).toContainText('card');
    await expect(list).toContainText('5 compared');
    await noBarriers(page, 'photos that are alike');
  });

  await test.step('a key opens one, with its own list beside it; Undo leads back', async () => {
    await photos.nth(1).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.tool')).toContainText('cat turned.jpg');
    await expect(page.getByRole('listbox', { name: 'Photos' }).getByRole('option')).toHaveCount(2);
    await expect(photos.first()).toContainText(/cat\.(?:png|tif)/u);
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await expect(page.locator('.tool')).toContainText('cat.png');
  });

  await test.step('one whose file is gone is counted and not listed', async () => {
    rmSync(path.join(folder, 'card', 'cat.tif'));
    await page.keyboard.press('m');
    await page.keyboard.press('m');
    await expect(photos).toHaveCount(1);
    await expect(list).toContainText('One more is no longer where it was.');
  });
  expect(complaints.filter((text) => !/404/u.test(text))).toEqual([]);
});
