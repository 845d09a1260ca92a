import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { noBarriersInAnyTheme } from './barriers.ts';
import { photo } from './launch.ts';
import { writeBadPhotos } from './photos.ts';
import { answerDialog, expect, oneProgram, test } from './program.ts';
import { runList, runRows } from './screen.ts';

const head = (page: Page, name: string) => runList(page).getByRole('columnheader', { name, exact: true });
const search = (page: Page) => page.getByRole('textbox', { name: 'Name, folder or label' });
const names = async (page: Page): Promise<readonly string[]> =>
  (await runRows(page).locator('.run-name').allInnerTexts()).map((name) => name.trim());
const scores = async (page: Page): Promise<readonly number[]> =>
  (await runRows(page).allInnerTexts()).flatMap((text) => {
    const score = /(\d+(?:\.\d+)?)\s?%/u.exec(text)?.[1];
    return score === undefined ? [] : [Number(score)];
  });

/** A card of photos that get other labels, and of files that are none. */
function writeCard(folder: string): string {
  const card = path.join(folder, 'Ridge');
  mkdirSync(card);
  for (const name of ['chelsea.png', 'coffee.png', 'rocket.jpg', 'camera.png', 'brick.png'])
    copyFileSync(photo(name), path.join(card, name));
  writeBadPhotos(card);
  return card;
}

const outpost = oneProgram();

test('a long folder and a long name both show their ends, and the sign that they were cut', async ({
  folder,
}) => {
  const { app, page } = await outpost.loaded();
  const card = path.join(folder, 'card');
  const below = path.join(card, 'north ridge above the old mill', 'DCIM', '100RECNX');
  mkdirSync(below, { recursive: true });
  copyFileSync(
    photo('coffee.png'),
    path.join(below, 'IMG_0001 as somebody renamed it by hand in the hut.png'),
  );
  await answerDialog(app, [card]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  const parts = runRows(page).locator('.middle-cut > :first-child');
  await expect(parts).toHaveCount(2);
  // A sign and a letter of text.
  for (const part of await parts.all()) expect((await part.boundingBox())?.width).toBeGreaterThan(18);
  const [cell, ...ends] = await Promise.all(
    [
      runRows(page).locator('.run-name'),
      ...(await runRows(page).locator('.middle-cut > :nth-child(2)').all()),
    ].map((each) => each.boundingBox()),
  );
  for (const end of ends) expect(end!.x + end!.width).toBeLessThanOrEqual(cell!.x + cell!.width + 1);
});

/* Names that Windows does not allow. */
(process.platform === 'win32' ? test.skip : test)(
  'a short name in a long folder is whole; one with a line break, or with a mark that turns it round, is one line in its order',
  async ({ folder }) => {
    const { app, page } = await outpost.loaded();
    const card = path.join(folder, 'card');
    const below = path.join(card, 'Übergang am Wildwechsel, north ridge above the mill');
    const narrow = path.join(card, 'till the hill');
    for (const each of [below, narrow]) mkdirSync(each, { recursive: true });
    copyFileSync(photo('rocket.jpg'), path.join(narrow, 'IMG_0001.jpg'));
    for (const name of [' leading.jpg', 'new\nline of a name.jpg', 'of\u202Egpj.coffee.jpg'])
      copyFileSync(photo('rocket.jpg'), path.join(below, name));
    await answerDialog(app, [card]);
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
    await expect(runRows(page)).toHaveCount(4);
    const shown = (await names(page)).map((name) => name.replaceAll(/\s*\n\s*/gu, ''));
    expect(shown.filter((name) => name.includes('new\uFFFDline of a name.jpg'))).toHaveLength(1);
    expect(shown.filter((name) => name.includes('of\uFFFDgpj.coffee.jpg'))).toHaveLength(1);
    const lines = await page.locator('.run-name').evaluateAll((cells) =>
      cells.map((cell) => {
        const name = cell.lastElementChild!;
        const range = document.createRange();
        range.selectNodeContents(name);
        const text = range.getBoundingClientRect();
        return { height: text.height, missing: text.width - name.getBoundingClientRect().width };
      }),
    );
    for (const { height } of lines) expect(height).toBeLessThan(26);
    // That of the short one in the long folder.
    expect(lines[1]!.missing).toBeLessThanOrEqual(0);
    // Where there is room, a name begins where its folder ends.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1920, 1080));
    const gap = (): Promise<number> =>
      page
        .locator('.run-name')
        .first()
        .evaluate((cell) => {
          const text = document.createRange();
          text.selectNodeContents(cell.querySelector('.run-folder .middle-cut > :nth-child(2)')!);
          return cell.lastElementChild!.getBoundingClientRect().left - text.getBoundingClientRect().right;
        });
    await expect.poll(gap).toBeLessThan(1);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800));
  },
);

test('a run is sorted by its heads, searched, and cleared by Esc in one order, by the keyboard alone', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const { app, page, complaints } = await outpost.loaded();
  await answerDialog(app, [writeCard(folder)]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  await expect(runRows(page)).toHaveCount(9);
  const walked = await names(page);

  await test.step('the order of the walk is the one of names, and can be turned round', async () => {
    expect(walked).toEqual([...walked].sort());
    await expect(head(page, 'Photo')).toHaveAttribute('aria-sort', 'ascending');
    await runList(page).focus();
    await page.keyboard.press('Tab');
    await expect(head(page, 'Photo').getByRole('button')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(head(page, 'Photo')).toHaveAttribute('aria-sort', 'descending');
    await expect.poll(() => names(page)).toEqual([...walked].reverse());
  });

  await test.step('scores come surest first, then least sure, and what has none comes last', async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect(head(page, 'Score')).toHaveAttribute('aria-sort', 'descending');
    await expect(head(page, 'Photo')).toHaveAttribute('aria-sort', 'none');
    await expect(runRows(page).last()).toContainText(/picture|text|empty|pixels/iu);
    const falling = await scores(page);
    expect(falling).toHaveLength(5);
    expect(falling).toEqual([...falling].sort((one, other) => other - one));
    await page.keyboard.press('Space');
    await expect(head(page, 'Score')).toHaveAttribute('aria-sort', 'ascending');
    await expect.poll(() => scores(page)).toEqual([...falling].reverse());
  });

  await test.step('an opened photo has its neighbours from that order', async () => {
    const [first, second] = await names(page);
    await runList(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect(page.locator('.photo-name')).toContainText(first!);
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('.photo-name')).toContainText(second!);
  });

  await test.step('Ctrl+F leads from the photo to the search, which says how many it found', async () => {
    await page.keyboard.press('Control+f');
    await expect(search(page)).toBeFocused();
    await page.keyboard.type('png');
    await expect(page.getByRole('status').filter({ hasText: '5 hits' })).toBeVisible();
    await expect(runRows(page)).toHaveCount(5);
    const shown = page.locator('.run-hits > [aria-hidden]:visible');
    await expect(shown).toHaveText('5 hits');
    // Beside less room the number alone, so that what is searched for can be read.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1000, 700));
    await expect(shown).toHaveText('5');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800));
    await expect(shown).toHaveText('5 hits');
    await page.keyboard.press('Enter');
    await expect(runList(page)).toBeFocused();
  });

  await test.step('Esc clears the search, then the filter, and then nothing', async () => {
    await page.getByText('Not read', { exact: false }).first().click();
    await runList(page).focus();
    await expect(runRows(page)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(search(page)).toHaveValue('');
    await expect(runRows(page)).toHaveCount(4);
    await page.keyboard.press('Escape');
    await expect(runRows(page)).toHaveCount(9);
    await page.keyboard.press('Escape');
    await expect(runRows(page)).toHaveCount(9);
    // In the field it clears what is written, then leads to the list.
    await page.keyboard.press('Control+f');
    await page.keyboard.type('espresso');
    await expect(runRows(page)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(search(page)).toBeFocused();
    await expect(runRows(page)).toHaveCount(9);
    await page.keyboard.press('Escape');
    await expect(runList(page)).toBeFocused();
  });
  await noBarriersInAnyTheme(page, 'a sorted run');

  await test.step('R goes from photo to photo until all are reviewed, which is counted; Z goes back', async () => {
    const left = page.getByRole('button', { name: /^Review \d photos?$/u });
    await expect(page.getByText('0 of 5 reviewed')).toBeVisible();
    await left.click();
    const shown = page.locator('.photo-name');
    const first = await shown.textContent();
    await expect(page.getByText('1 of 5', { exact: true })).toBeVisible();
    await page.keyboard.press('r');
    await expect(shown).not.toHaveText(first!);
    await expect(page.getByText('1 of 4', { exact: true })).toBeVisible();
    await page.keyboard.press('z');
    await expect(shown).toHaveText(first!);
    await expect(page.getByText('1 of 5', { exact: true })).toBeVisible();
    // R is meant for an answer that is shown, which comes after the photo's name.
    const pressR = async (): Promise<void> => {
      await expect(page.getByRole('button', { name: 'Right', exact: true })).toBeVisible();
      await page.keyboard.press('r');
    };
    for (let open = 4; open > 0; open -= 1) {
      await pressR();
      await expect(page.getByText(`1 of ${open}`, { exact: true })).toBeVisible();
    }
    await pressR();
    await expect(page.getByText('Every photo here is reviewed.')).toBeVisible();
    await expect(page.getByText('5 of 5 reviewed')).toBeVisible();
    await expect(left).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(runRows(page)).toHaveCount(9);
    await expect(runRows(page).getByLabel(/^You said: /u)).toHaveCount(5);
  });
  expect(complaints).toEqual([]);
});
