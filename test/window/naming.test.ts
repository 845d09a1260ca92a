import { copyFileSync, mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { noBarriersInAnyTheme } from './barriers.ts';
import { countCalls } from './screen.ts';
import { answerDialog, expect, oneProgram, root, test } from './program.ts';

const own = path.join(root, 'models', 'camera-names', 'samples');

const outpost = oneProgram();

test('photos that are alike come in groups, looser or closer; one opens and Undo leads back', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const card = path.join(folder, 'Card 9');
  mkdirSync(card);
  const old = new Date(Date.now() - 60_000);
  const photos = {
    'cat.png': 'photos/chelsea.png',
    'cat.tif': 'variants/chelsea.tif',
    'cat turned.jpg': 'variants/chelsea-exif6.jpg',
    'cup.png': 'photos/coffee.png',
    'cup.webp': 'variants/coffee.webp',
    'rocket.jpg': 'photos/rocket.jpg',
  };
  for (const [name, from] of Object.entries(photos)) {
    copyFileSync(path.join(root, 'test', 'fixtures', from), path.join(card, name));
    utimesSync(path.join(card, name), old, old);
  }
  const { app, page, complaints } = await outpost.loaded();
  const link = page.getByRole('button', { name: 'Photos that are alike' });
  await expect(link).toHaveCount(0);
  await answerDialog(app, [card]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Clear' }).click();
  await link.click();

  const groups = page.getByRole('region', { name: 'Photos that are alike' });
  await expect(groups.getByRole('status')).toContainText('2 groups among 6 compared photos.');
  await expect(groups.locator('li button')).toHaveText([/3 photos/u, /2 photos/u]);
  await expect(groups.locator('li').first()).toContainText('Card 9');
  await noBarriersInAnyTheme(page, 'groups');

  await test.step('closer ones alone, by the keyboard', async () => {
    await groups.getByRole('radio', { name: '95%' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(groups.getByRole('status')).not.toContainText('2 groups', { timeout: 10_000 });
    await page.keyboard.press('ArrowLeft');
    await expect(groups.getByRole('status')).toContainText('2 groups');
  });

  await test.step('a group opens as its photos, and Undo leads back', async () => {
    await groups.locator('li button').first().focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('listbox', { name: 'Photos' }).getByRole('option')).toHaveCount(3);
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await expect(groups).toBeVisible();
    // Where the focus may come to rest when the button behind it is gone.
    await groups.getByRole('radio', { checked: true }).focus();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Choose photos' })).toBeVisible();
  });
  expect(complaints.filter((text) => !/404/u.test(text))).toEqual([]);
});

test('a detector with a classifier names what it finds, counts it, and is confirmed; a thorough look asks again', async () => {
  test.setTimeout(240_000);
  const { app, page, complaints } = await outpost.loaded();
  await page.getByRole('button', { name: 'Find things and name them' }).click();
  await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('Camera names');
  await noBarriersInAnyTheme(page, 'the start with three choices');
  await answerDialog(app, [path.join(own, 'sheet.jpg')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();

  const pane = page.locator('.labels');
  await expect(pane.getByRole('heading')).toContainText('1 Egyptian cat', { timeout: 90_000 });
  await expect(pane.getByRole('heading')).toContainText('2 people');
  await expect(page.locator('.box')).toHaveCount(4);
  await expect(pane).toContainText(/animal \(Egyptian cat \d+ %\)/u);
  await noBarriersInAnyTheme(page, 'named boxes');

  await test.step('the menu of what is right has names, groups and nothing', async () => {
    await page.keyboard.press('n');
    const labels = page.getByRole('listbox', { name: 'The right label is' }).getByRole('option');
    await expect(labels.filter({ hasText: /^animal/u })).toHaveCount(1);
    await expect(labels.filter({ hasText: /^vehicle/u })).toHaveCount(1);
    await expect(labels.filter({ hasText: /^empty$/u })).toHaveCount(1);
    await noBarriersInAnyTheme(page, 'the labels for boxes');
    // What the classifier can name and saw nowhere is found by typing.
    const search = page.getByRole('combobox', { name: 'Search in the labels' });
    await expect(search).toBeFocused();
    await page.keyboard.type('hyena');
    await expect(labels).toHaveText(['hyena']);
    await noBarriersInAnyTheme(page, 'a label that is searched');
    await page.keyboard.press('Enter');
    await expect(page.getByText('hyena is confirmed')).toBeVisible();
    await page.keyboard.press('n');
    await expect(search).toBeFocused();
    await page.keyboard.type('espresso');
    await expect(page.getByText('No label has “espresso” in it.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /^Not this/u })).toBeFocused();
    await page.keyboard.press('n');
    await labels.filter({ hasText: /^animal/u }).click();
    await expect(page.getByText('animal is confirmed')).toBeVisible();
  });

  await test.step('thorough answers the photo on screen again', async () => {
    const asked = await countCalls(app, 'predict.one');
    const thorough = page.getByRole('switch', { name: 'Thorough' });
    await expect(thorough).not.toBeChecked();
    await thorough.click({ force: true });
    await expect(thorough).toBeChecked();
    await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect(pane.getByRole('heading')).toContainText('Egyptian cat', { timeout: 90_000 });
    await noBarriersInAnyTheme(page, 'a thorough look');
  });

  await test.step('a new run begins with the model and the thoroughness of Try', async () => {
    await page.keyboard.press('Control+2');
    const form = page.getByRole('complementary', { name: 'New run' });
    await answerDialog(app, [own]);
    await form.getByRole('button', { name: 'Choose a folder' }).click();
    await expect(form.getByRole('switch', { name: 'Thorough' })).toBeChecked({ timeout: 30_000 });
    await expect(form.getByRole('combobox', { name: 'Model' })).toHaveValue(/^Camera names/u);
  });
  expect(complaints).toEqual([]);
});
