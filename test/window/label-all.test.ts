import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { value } from './bridge.ts';
import { openRunOf } from './card.ts';
import { expect, root, test } from './program.ts';
import { runRows } from './screen.ts';

const own = path.join(root, 'models', 'camera-names', 'samples');

test('photos of a run are labelled together with what the classifier can name, as well as with groups', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  const { app, page, complaints } = await open();
  await value(page, 'settings.set', { model: 'camera-names' });
  const card = path.join(folder, 'card');
  mkdirSync(card);
  for (const name of ['raccoon.jpg', 'chelsea.jpg'])
    copyFileSync(path.join(own, name), path.join(card, name));
  await openRunOf({ app, page }, card, 'camera-names');
  const rows = runRows(page);
  await expect(rows).toHaveCount(2);
  await rows.first().click();
  await page.keyboard.press('Control+a');
  await expect(page.locator('.picked-foot strong')).toHaveText('2 photos selected');
  const search = page.getByRole('combobox', { name: 'Search in the labels' });
  await page.keyboard.press('n');
  await expect(search).toBeFocused();
  await expect(page.getByRole('option', { name: 'vehicle', exact: true })).toBeVisible();
  await page.keyboard.type('hyena');
  await page.getByRole('option', { name: 'hyena', exact: true }).click();
  await expect(rows.getByRole('img', { name: 'You said: hyena' })).toHaveCount(2);
  // A classifier's other labels can be names of nothing that the detector finds.
  await page.keyboard.press('n');
  await expect(search).toBeFocused();
  await page.keyboard.type('espresso');
  await expect(page.getByText('No label has “espresso” in it.')).toBeVisible();
  expect(complaints).toEqual([]);
});
