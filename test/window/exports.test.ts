import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { noBarriers, noBarriersInAnyTheme } from './barriers.ts';
import { finished, value } from './bridge.ts';
import { startRun } from './card.ts';
import { exportDialog, writeCsv } from './export-dialog.ts';
import { writeBadPhotos } from './photos.ts';
import { answerDialog, answerSave, expect, oneProgram, root, test } from './program.ts';
import { runRows } from './screen.ts';

const own = path.join(root, 'models', 'camera-triage', 'samples');
const outpost = oneProgram();

test('a run leaves as a file: formats that fit, the first rows, where it is, and nothing without a place', async ({
  folder,
}) => {
  test.setTimeout(150_000);
  const { app, page, complaints } = await outpost.loaded();
  await value(page, 'settings.set', { model: 'camera-triage' });
  await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('Camera triage');
  const card = path.join(folder, 'card');
  mkdirSync(card);
  for (const name of ['raccoon.jpg', 'sheet.jpg']) copyFileSync(path.join(own, name), path.join(card, name));
  const bad = writeBadPhotos(card);
  await answerDialog(app, [card]);
  await page
    .getByRole('button', { name: /(?:Run|Choose) a folder/u })
    .first()
    .click();
  await expect(page.getByRole('button', { name: 'Export…' })).toBeVisible({ timeout: 60_000 });
  for (const name of bad) await expect(page.getByText(name).first()).toBeVisible({ timeout: 60_000 });

  const dialog = exportDialog(page);
  const write = dialog.getByRole('button', { name: 'Choose where, and write' });
  await page.getByRole('button', { name: 'Export…' }).click();

  await test.step('what will be in it is shown before', async () => {
    await expect(dialog.getByText('6 photos. 4 of them could not be read.')).toBeVisible();
    await expect(dialog.getByRole('cell', { name: 'raccoon.jpg' })).toBeVisible();
    await expect(dialog.getByRole('radio', { disabled: false })).toHaveCount(13);
    await expect(dialog.getByRole('radio', { name: 'Camtrap DP' })).toBeDisabled();
    await expect(dialog.getByRole('radio', { name: 'Camtrap DP' })).toHaveAccessibleDescription(
      'Needs the times of photos; no photo here says its time.',
    );
    await expect(dialog.getByRole('radio', { name: 'Table for Excel (CSV)' })).toBeChecked();
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      await value(page, 'settings.set', { theme });
      await noBarriers(page, `export, ${theme}`);
    }
  });

  await test.step('with the keyboard alone it is written, and its place can be shown', async () => {
    const file = path.join(folder, 'card.csv');
    await answerSave(app, file);
    await dialog.getByRole('radio', { name: 'Table for Excel (CSV)' }).focus();
    for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press('ArrowDown');
    await expect(dialog.getByRole('radio', { name: 'Table for programs (CSV)' })).toBeChecked();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toContainText('card.csv is written: 6 photos.');
    await expect(dialog.getByRole('status')).toContainText('4 of them could not be read, and say why.');
    await expect(dialog.getByRole('button', { name: 'Done' })).toBeFocused();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines.find((line) => line.includes('raccoon.jpg'))).toContain('raccoon.jpg,animal,0.');
    expect(lines.filter((line) => /image-unreadable|file-empty|not-a-picture|too-/u.test(line)).length).toBe(
      4,
    );
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: 'Export…' })).toBeFocused();
  });

  await test.step('without a place nothing is written, and the choice stays', async () => {
    // The dialog of the system, left open until it is to answer.
    await app.evaluate(({ dialog: system }) => {
      system.showSaveDialog = () =>
        new Promise((resolve) => {
          Object.assign(globalThis, { leaveSave: () => resolve({ canceled: true, filePath: '' }) });
        });
    });
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog.getByRole('radio', { name: 'Report (HTML)' }).check();
    await write.click();
    await expect(dialog.getByRole('status')).toHaveText('Say where to in the dialog of the system.');
    await app.evaluate(() => (globalThis as unknown as { leaveSave: () => void }).leaveSave());
    await expect(dialog.getByRole('radio', { name: 'Report (HTML)' })).toBeChecked();
    await expect(write).toBeEnabled();
  });

  await test.step('a report has the photos in it', async () => {
    const file = path.join(folder, 'card.html');
    await answerSave(app, file);
    await write.click();
    await expect(dialog.getByRole('status')).toContainText('card.html is written', { timeout: 60_000 });
    expect(readFileSync(file, 'utf8').match(/data:image\/jpeg;base64,/gu)).toHaveLength(2);
    expect(statSync(file).size).toBeGreaterThan(10_000);
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  await test.step('a place that takes nothing is named, and another can be tried', async () => {
    await answerSave(app, path.join(folder, 'absent', 'card.csv'));
    await page.getByRole('button', { name: 'Export…' }).click();
    await write.click();
    await expect(dialog.getByText('The run was not exported')).toBeVisible();
    const [fault, form] = await Promise.all(
      [dialog.locator('.fault-card'), dialog.locator('.export-form')].map((each) => each.boundingBox()),
    );
    expect(form!.y - fault!.y - fault!.height).toBe(16);
    const file = path.join(folder, 'coco.json');
    await answerSave(app, file);
    await dialog.getByRole('radio', { name: 'COCO', exact: true }).check();
    await write.click();
    await expect(dialog.getByRole('status')).toContainText(
      '2 photos. 4 that could not be read have no place in this form.',
    );
    expect(existsSync(file)).toBe(true);
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  await test.step('only what is chosen is written, as copies in a folder for each label', async () => {
    const copies = path.join(folder, 'copies');
    await answerSave(app, copies);
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog.getByRole('textbox', { name: 'Only photos with' }).fill('unicorn');
    await dialog.getByRole('radio', { name: 'Sorted copies' }).check();
    await expect(dialog.getByText('0 photos.')).toBeVisible();
    await expect(write).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'Only photos with' }).fill('Animal');
    await dialog.getByRole('radio', { name: 'Sorted copies' }).focus();
    await expect(write).toBeEnabled();
    await noBarriers(page, 'export, chosen');
    await write.click();
    await expect(dialog.getByRole('status')).toContainText('copies is written', { timeout: 60_000 });
    expect(readdirSync(copies)).toEqual(['animal']);
    expect(readFileSync(path.join(copies, 'animal', 'raccoon.jpg'))).toEqual(
      readFileSync(path.join(card, 'raccoon.jpg')),
    );
    await dialog.getByRole('button', { name: 'Done' }).click();
  });
  expect(complaints).toEqual([]);
});

test('what the list shows is exported alone, and a choice is kept as a profile, by the keyboard', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  await value(page, 'settings.set', { model: 'camera-triage' });
  await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('Camera triage');
  const card = path.join(folder, 'card');
  mkdirSync(card);
  copyFileSync(path.join(own, 'raccoon.jpg'), path.join(card, 'raccoon.jpg'));
  writeBadPhotos(card);
  await answerDialog(app, [card]);
  await page
    .getByRole('button', { name: /(?:Run|Choose) a folder/u })
    .first()
    .click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  const dialog = exportDialog(page);
  const only = dialog.getByRole('switch', { name: 'Only the photos that the list shows' });
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog.getByText('5 photos. 4 of them could not be read.')).toBeVisible();
  await expect(only).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.getByText('Not read', { exact: false }).first().click();
  await expect(runRows(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'Export…' }).click();
  await only.focus();
  await page.keyboard.press('Space');
  await expect(dialog.getByText('4 photos. 4 of them could not be read.')).toBeVisible();

  await dialog.getByRole('button', { name: 'Keep as a profile…' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Name of the profile' })).toBeFocused();
  await page.keyboard.type('For the office');
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    await value(page, 'settings.set', { theme });
    await noBarriers(page, `a profile, ${theme}`);
  }
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('The profile For the office is kept.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Keep as a profile…' })).toBeFocused();
  expect(await value(page, 'exports.profiles', {})).toEqual([{ name: 'For the office', choice: {} }]);

  const lines = await writeCsv({ app, page }, path.join(folder, 'faults.csv'), 4);
  expect(lines).toHaveLength(4);
  expect(lines.join('\n')).not.toContain('raccoon');
  expect(complaints).toEqual([]);
});

test('a run without boxes says which formats need some, and the photos are run again with a model that draws them', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  const card = path.join(folder, 'creek');
  mkdirSync(card);
  copyFileSync(path.join(own, 'raccoon.jpg'), path.join(card, 'raccoon.jpg'));
  const { id } = await startRun({ app, page }, card);
  await finished(page, id);
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Export creek…' }).click();
  const dialog = exportDialog(page);
  await expect(dialog.getByText(/COCO, YOLO, .* need boxes/u)).toBeVisible();
  await expect(dialog.getByRole('radio', { name: 'COCO' })).toHaveCount(0);
  await noBarriersInAnyTheme(page, 'formats that need boxes');
  const again = dialog.getByRole('button', { name: /^Run again with .*, which draws boxes$/u });
  await again.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog.getByRole('radio', { name: 'COCO' })).toBeEnabled();
  await expect(dialog.getByText(/need boxes/u)).toHaveCount(0);
  expect(complaints).toEqual([]);
});
