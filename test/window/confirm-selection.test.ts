import { readFileSync } from 'node:fs';
import path from 'node:path';
import { noBarriersInAnyTheme } from './barriers.ts';
import { openRunOf } from './card.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { answerSave, expect, test } from './program.ts';
import { runList, runRows } from './screen.ts';

/** The confirmed labels in a table that was written, by the names of photos. */
function confirmedIn(file: string): Readonly<Record<string, string>> {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  const column = head!.split(',').indexOf('confirmed');
  expect(column).toBeGreaterThan(0);
  return Object.fromEntries(
    lines.map((line) => [/[\w-]+\.(?:jpg|png)/u.exec(line)![0], line.split(',')[column]!]),
  );
}

test('selected photos are confirmed in one act by the keyboard, taken back in one, and exported with their label', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  const card = path.join(folder, 'card');
  writePhotos(card, 6);
  writeBadPhotos(card);
  await openRunOf({ app, page }, card);
  const list = runList(page);
  const selected = page.locator('.picked-foot strong');
  const bar = page.locator('.notice');
  const marked = runRows(page).getByLabel(/^You said: /u);
  const asTarantula = runRows(page).getByLabel('You said: tarantula');

  const chooseTarantula = async (): Promise<void> => {
    await page.keyboard.press('n');
    await expect(page.getByRole('combobox', { name: 'Search in the labels' })).toBeFocused();
    await page.keyboard.type('tarantula');
    await expect(page.getByRole('option')).toHaveText(['tarantula']);
    await page.keyboard.press('Enter');
  };

  await test.step('one label for all of them, found by typing; those without an answer stay as they are', async () => {
    await expect(runRows(page)).toHaveCount(10);
    await list.focus();
    await page.keyboard.press('Control+a');
    await expect(selected).toHaveText('10 photos selected');
    await page.keyboard.press('n');
    const search = page.getByRole('combobox', { name: 'Search in the labels' });
    await expect(search).toBeFocused();
    await noBarriersInAnyTheme(page, 'one label for all selected photos');
    await page.keyboard.press('Escape');
    await chooseTarantula();
    await expect(bar).toContainText(
      '6 of 10 photos confirmed: tarantula. The others have no answer. Z takes it back.',
    );
    await expect(asTarantula).toHaveCount(6);
    await expect(page.getByText('6 of 6 reviewed')).toBeVisible();
    await expect(list).toBeFocused();
  });

  await test.step('Ctrl+Z takes all of it back; R confirms what each of them is, and the bar takes it back', async () => {
    await page.keyboard.press('Control+z');
    await expect(bar).toContainText('Taken back for 6 photos: tarantula.');
    await expect(marked).toHaveCount(0);
    await expect(selected).toHaveText('10 photos selected');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+Space');
    await expect(selected).toHaveText('3 photos selected');
    await page.keyboard.press('r');
    await expect(bar).toContainText('2 of 3 photos confirmed: each as the model says.');
    await expect(marked).toHaveCount(2);
    await expect(asTarantula).toHaveCount(0);
    await noBarriersInAnyTheme(page, 'a confirmed selection');
    await bar.getByRole('button', { name: 'Undo' }).click();
    await expect(marked).toHaveCount(0);
  });

  await test.step('photos that leave the list of those to review are selected again when that is taken back', async () => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('combobox', { name: 'Review' }).click();
    await page.getByRole('option', { name: 'To review' }).click();
    await page.keyboard.press('Escape');
    await expect(runRows(page)).toHaveCount(6);
    await list.focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await expect(selected).toHaveText('6 photos selected');
    await chooseTarantula();
    await expect(page.getByText('Every photo here is reviewed.')).toBeVisible();
    await expect(selected).toHaveCount(0);
    await page.keyboard.press('z');
    await expect(selected).toHaveText('6 photos selected');
    await expect(runRows(page)).toHaveCount(6);
  });

  await test.step('confirmed again, the selection is exported with the label that a person chose', async () => {
    await list.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(selected).toHaveText('3 photos selected');
    await chooseTarantula();
    await expect(runRows(page)).toHaveCount(3);
    // Esc takes the filter away.
    await page.keyboard.press('Escape');
    await expect(runRows(page)).toHaveCount(10);
    await expect(asTarantula).toHaveCount(3);
    await page.keyboard.press('Control+a');
    const file = path.join(folder, 'all.csv');
    await answerSave(app, file);
    await page.getByRole('button', { name: 'Export the selection…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export the run' });
    await dialog.getByRole('radio', { name: 'Table for programs (CSV)' }).check();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Done' }).click();
    const labels = confirmedIn(file);
    expect(Object.keys(labels)).toHaveLength(10);
    expect(Object.keys(labels).filter((name) => labels[name] === 'tarantula')).toEqual([
      'photo-0000.jpg',
      'photo-0001.jpg',
      'photo-0002.jpg',
    ]);
  });
  expect(complaints).toEqual([]);
});
