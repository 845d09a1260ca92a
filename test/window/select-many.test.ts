import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { seedRun } from '../fixtures/seed-run.ts';
import { inLong } from '../long.ts';
import { writeCsv } from './export-dialog.ts';
import { writeStore } from './launch.ts';
import { expect, test } from './program.ts';
import { runList, runRows } from './screen.ts';

const rows = inLong(250_000, 60_000);
const shown = (count: number): string => `${count.toLocaleString('en')} photos selected`;

test('all photos of a large run are selected at once, one of them left out again, and exported alone', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  await writeStore(data);
  seedRun(data, { name: 'r1', rows });
  const { app, page, complaints } = await open({ data });
  const selected = page.locator('.picked-foot strong');
  const exported = async (name: string): Promise<readonly string[]> => {
    await page.getByRole('button', { name: 'Export the selection…' }).click();
    return writeCsv({ app, page }, path.join(folder, name));
  };
  await page.keyboard.press('Control+2');
  await page.getByRole('list', { name: 'Earlier' }).getByRole('button', { name: 'season' }).first().click();
  await expect(runRows(page).first()).toBeVisible();
  await runList(page).focus();

  await page.keyboard.press('Control+a');
  await expect(selected).toHaveText(shown(rows));
  await runRows(page)
    .nth(1)
    .click({ modifiers: ['ControlOrMeta'] });
  await expect(selected).toHaveText(shown(rows - 1));
  // That many files at once are more than whatever they are dropped on can show.
  await runRows(page).first().dispatchEvent('dragstart');
  await expect(page.locator('.notice')).toContainText('At most 10,000 photos can be dragged out at once.');
  const lines = await exported('all.csv');
  expect(lines).toHaveLength(rows - 1);
  expect(lines.filter((line) => /IMG_[01]\.JPG,/u.test(line))).toHaveLength(1);

  // What a filter shows, in whatever order, and by Shift from one end to the other.
  await page.keyboard.press('Escape');
  await page.getByText('Not read', { exact: false }).first().click();
  await runList(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await expect(selected).toHaveText(shown(rows / 100));
  expect((await exported('faults.csv')).every((line) => line.includes(',file-empty,'))).toBe(true);
  // The photos themselves are on no disk.
  expect(complaints.filter((text) => !/404/u.test(text))).toEqual([]);
});
