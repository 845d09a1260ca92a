import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openRunOf } from './card.ts';
import { photo } from './launch.ts';
import { expect, test } from './program.ts';
import { runRows } from './screen.ts';

test('one of many sites is found by writing its name, in place of the one that was chosen before', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  const card = path.join(folder, 'card');
  for (let at = 1; at <= 12; at += 1) {
    mkdirSync(path.join(card, `Ridge ${at}`), { recursive: true });
    copyFileSync(photo('rocket.jpg'), path.join(card, `Ridge ${at}`, 'IMG_1.jpg'));
  }
  await openRunOf({ app, page }, card);
  await expect(runRows(page)).toHaveCount(12);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const site = page.getByRole('combobox', { name: 'Site' });
  for (const wanted of ['ridge 12', 'ridge 7']) {
    await site.click();
    await page.keyboard.type(wanted);
    await expect(page.getByRole('option')).toHaveText([new RegExp(`^${wanted}`, 'iu')]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(runRows(page)).toHaveCount(1);
    await expect(runRows(page)).toContainText(new RegExp(wanted, 'iu'));
  }
  await site.click();
  await page.keyboard.type('valley');
  await expect(page.getByText('Nothing has this name.')).toBeVisible();
  await page.keyboard.press('Escape');
  await site.click();
  await page.getByRole('option', { name: 'Any site' }).click();
  await expect(runRows(page)).toHaveCount(12);
  expect(complaints).toEqual([]);
});
