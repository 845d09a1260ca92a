import { readFileSync } from 'node:fs';
import path from 'node:path';
import { noBarriersInAnyTheme } from './barriers.ts';
import { openRunOf } from './card.ts';
import { exportDialog, writeCsv } from './export-dialog.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { expect, oneProgram, test } from './program.ts';
import { runList, runRows } from './screen.ts';

const outpost = oneProgram();

/** The confirmed labels in a table that was written, by the names of photos. */
function confirmedIn(file: string): Readonly<Record<string, string>> {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  const column = head!.split(',').indexOf('confirmed');
  expect(column).toBeGreaterThan(0);
  return Object.fromEntries(
    lines.map((line) => [/[\w-]+\.(?:jpg|png)/u.exec(line)![0], line.split(',')[column]!]),
  );
}

/** The photos in a table that was written. */
const names = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => /photo-\d{4}/u.exec(line)![0]);

test('selected photos are confirmed in one act by the keyboard, taken back in one, and exported with their label', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
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
    await page.getByRole('button', { name: 'Export the selection…' }).click();
    await writeCsv({ app, page }, file);
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

test('photos that are selected in the list, by pointer or keyboard, are exported alone', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  const card = path.join(folder, 'card');
  writePhotos(card, 9);
  await openRunOf({ app, page }, card);
  const list = runList(page);
  const selected = page.locator('.picked-foot strong');
  const dialog = exportDialog(page);
  const only = dialog.getByRole('switch', { name: /^Only the \d selected photos?$/u });
  const write = async (name: string): Promise<readonly string[]> => {
    const file = path.join(folder, name);
    await writeCsv({ app, page }, file);
    return names(file);
  };

  await test.step('a press takes one, with Ctrl one more, with Shift all up to it', async () => {
    await runRows(page).nth(0).click();
    await expect(selected).toHaveCount(0);
    await runRows(page)
      .nth(2)
      .click({ modifiers: ['ControlOrMeta'] });
    await runRows(page)
      .nth(5)
      .click({ modifiers: ['ControlOrMeta'] });
    await runRows(page)
      .nth(7)
      .click({ modifiers: ['ControlOrMeta', 'Shift'] });
    await runRows(page)
      .nth(6)
      .click({ modifiers: ['ControlOrMeta'] });
    await expect(selected).toHaveText('4 photos selected');
    await expect(list.locator('[aria-selected=true]')).toHaveCount(4);
    await noBarriersInAnyTheme(page, 'photos selected');
    await page.getByRole('button', { name: 'Export the selection…' }).click();
    await expect(only).toBeChecked();
    await expect(dialog.getByText('4 photos.', { exact: true })).toBeVisible();
    expect(await write('some.csv')).toEqual(['photo-0000', 'photo-0002', 'photo-0005', 'photo-0007']);
  });

  await test.step('the menu of one of them, and a drag, are of all of them', async () => {
    const paths = ['0000', '0002', '0005', '0007'].map((at) => path.join(card, `photo-${at}.jpg`));
    const menu = page.getByRole('menu', { name: 'What to do with 4 selected photos' });
    await runRows(page).nth(5).click({ button: 'right' });
    const acts = ['All are right', 'Label all…', 'Export the selection…', 'Copy paths'];
    await expect(menu.getByRole('menuitem')).toHaveText(acts);
    await noBarriersInAnyTheme(page, 'menu of photos selected');
    await menu.getByRole('menuitem', { name: 'Copy paths' }).click();
    await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe(paths.join('\n'));
    await expect(list).toBeFocused();
    await page.keyboard.press('Shift+F10');
    await menu.getByRole('menuitem', { name: 'Label all…' }).press('Enter');
    await expect(page.getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window!.webContents.startDrag = ({ files }) => void Object.assign(globalThis, { dragged: files });
    });
    await runRows(page).nth(2).dispatchEvent('dragstart');
    await expect
      .poll(() => app.evaluate(() => (globalThis as { dragged?: readonly string[] }).dragged))
      .toEqual(paths);
    await page.evaluate(() => void window.dispatchEvent(new DragEvent('dragend')));
    await expect(selected).toHaveText('4 photos selected');
  });

  await test.step('the whole run is one switch away, and what was selected stays so', async () => {
    await page.getByRole('button', { name: 'Export…', exact: true }).click();
    await only.focus();
    await page.keyboard.press('Space');
    await expect(dialog.getByText('9 photos.', { exact: true })).toBeVisible();
    expect(await write('all.csv')).toHaveLength(9);
    await expect(selected).toHaveText('4 photos selected');
  });

  await test.step('what is deselected or cleared does not come back', async () => {
    const press = (at: number) =>
      runRows(page)
        .nth(at)
        .click({ modifiers: ['ControlOrMeta'] });
    await page.getByRole('button', { name: 'Clear the selection' }).click();
    await expect(selected).toHaveCount(0);
    await expect(list).toBeFocused();
    await press(3);
    await expect(selected).toHaveText('1 photo selected');
    await press(3);
    await expect(selected).toHaveCount(0);
    await press(6);
    await expect(selected).toHaveText('1 photo selected');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Control+Space');
    await expect(selected).toHaveText('1 photo selected');
    await expect(list.locator('[aria-selected=true]')).toContainText('photo-0002');
  });

  await test.step('the same by keyboard; Esc lets go of it', async () => {
    await list.focus();
    await page.keyboard.press('Escape');
    await expect(selected).toHaveCount(0);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(selected).toHaveText('2 photos selected');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+Space');
    await expect(selected).toHaveText('3 photos selected');
    await page.getByRole('button', { name: 'Export the selection…' }).click();
    expect(await write('keys.csv')).toEqual(['photo-0001', 'photo-0002', 'photo-0008']);
    await list.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await expect(selected).toHaveText('9 photos selected');
    await page.keyboard.press('ArrowUp');
    await expect(selected).toHaveCount(0);
  });
  expect(complaints).toEqual([]);
});
