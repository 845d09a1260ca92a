import { copyFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { answerDialog, expect, root, samples, test } from './program.ts';

const own = path.join(root, 'models', 'camera-triage', 'samples');

test('what is on a photo is counted and framed from the threshold of the pack on, and a hand moves it', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  await value(page, 'settings.set', { model: 'camera-triage' });
  await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('Camera triage');
  const photos = ['raccoon.jpg', 'sheet.jpg'].map((name) => path.join(own, name));
  const cup = path.join(folder, 'cup.png');
  copyFileSync(path.join(samples, 'coffee.png'), cup);
  await answerDialog(app, [...photos, cup]);
  await page.getByRole('button', { name: 'Choose photos' }).click();

  const pane = page.locator('.labels');
  const threshold = page.getByRole('slider', { name: 'Threshold' });
  const strip = page.getByRole('listbox', { name: 'Photos' }).getByRole('option');
  await expect(pane.getByRole('heading')).toHaveText('1 animal', { timeout: 60_000 });
  await expect(threshold).toHaveAttribute('aria-valuenow', '50');
  await expect(strip).toHaveText(['1 animal', /person|people|animal/u, 'empty']);
  await expect(page.locator('.box')).toHaveCount(1);
  expect(await outsideOf(page)).toEqual([]);

  await test.step('held down, H hides the boxes', async () => {
    await page.keyboard.down('h');
    await expect(page.locator('.box')).toHaveCount(0);
    await page.keyboard.up('h');
    await expect(page.locator('.box')).toHaveCount(1);
  });

  await test.step('boxes keep to the photo while it is zoomed', async () => {
    const before = await shareOfPhoto(page);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    const after = await shareOfPhoto(page);
    for (const [side, share] of Object.entries(before))
      expect(Math.abs(after[side as keyof typeof after] - share)).toBeLessThan(0.01);
    await page.keyboard.press('0');
  });

  await test.step('an empty photo is said to be empty, and is no fault', async () => {
    await strip.nth(2).click();
    await expect(pane.getByRole('heading')).toHaveText(/^Nothing above 50%$/u);
    await expect(pane).toContainText('below the threshold');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
  await test.step('the threshold changes what is shown of every photo, and runs nothing', async () => {
    await strip.nth(1).click();
    const counted = await page.locator('.box').count();
    expect(counted).toBeGreaterThan(1);
    await expect(pane.getByRole('option')).toHaveCount(counted);
    await threshold.focus();
    await page.keyboard.press('End');
    await expect(pane.getByRole('heading')).toHaveText('Nothing above 100%');
    await expect(page.locator('.box')).toHaveCount(0);
    await expect(strip).toHaveText(['empty', 'empty', 'empty']);
    await page.keyboard.press('Home');
    await expect(strip.first()).not.toHaveText('empty');
    expect(await page.locator('.box').count()).toBeGreaterThan(counted);
    expect(await coveredChips(page)).toBe(0);
  });

  await test.step('arrow keys walk the boxes, and each is enlarged beside the list', async () => {
    await threshold.focus();
    for (let at = 0; at < 50; at += 1) await page.keyboard.press('ArrowRight');
    await expect(threshold).toHaveAttribute('aria-valuenow', '50');
    await page.getByRole('group', { name: /^Photo / }).focus();
    const rows = pane.getByRole('option');
    const counted = await rows.count();
    await page.keyboard.press('ArrowDown');
    await expect(page.locator('.box.walked')).toHaveCount(1);
    await expect(page.locator('.box-chip')).toHaveCount(1);
    await expect(rows.nth(0)).toHaveAttribute('aria-selected', 'true');
    const first = await enlarged(page);
    await page.keyboard.press('ArrowDown');
    await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true');
    await expect(pane.getByRole('listbox')).toHaveAttribute('aria-activedescendant', 'box-1');
    expect(await enlarged(page)).not.toBe(first);
    for (let at = 0; at < 10; at += 1) await page.keyboard.press('ArrowDown');
    await expect(rows.nth(counted - 1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Escape');
    await expect(page.locator('.box.walked')).toHaveCount(0);
    await expect(page.locator('.box')).toHaveCount(counted);
  });

  await test.step('a walked box comes into view in a photo that is zoomed, and a click walks to the one below it', async () => {
    for (let at = 0; at < 8; at += 1) await page.keyboard.press('+');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => isWalkedSeen(page)).toBe(true);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('0');
    await page.keyboard.press('Escape');
    const box = (await page.locator('.box').nth(1).boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect(page.locator('.box.walked')).toHaveCount(1);
  });

  expect(complaints).toEqual([]);
});

/** A digest of the pixels of the enlarged part cannot be read, as the photo is not of the page; its picture can. */
const enlarged = async (page: Page): Promise<string> =>
  (await page.locator('.enlarged-picture').screenshot()).toString('base64');

const isWalkedSeen = (page: Page) =>
  page.evaluate(() => {
    const well = document.querySelector('.well')!.getBoundingClientRect();
    const { left, top, right, bottom, width, height } = document
      .querySelector('.box.walked')!
      .getBoundingClientRect();
    const across = Math.min(right, well.right) - Math.max(left, well.left);
    const down = Math.min(bottom, well.bottom) - Math.max(top, well.top);
    return across > Math.min(width, well.width) - 20 && down > Math.min(height, well.height) - 20;
  });

/** Boxes that reach out of the photo by more than a pixel. */
const outsideOf = (page: Page) =>
  page.evaluate(() => {
    const photo = document.querySelector('.boxes')!.getBoundingClientRect();
    return [...document.querySelectorAll('.box')]
      .map((box) => box.getBoundingClientRect())
      .filter(
        ({ left, top, right, bottom }) =>
          left < photo.left - 1 ||
          top < photo.top - 1 ||
          right > photo.right + 1 ||
          bottom > photo.bottom + 1,
      )
      .map(({ left, top, right, bottom }) => [left, top, right, bottom]);
  });

/** Where the first box lies, in parts of the photo. */
const shareOfPhoto = (page: Page) =>
  page.evaluate(() => {
    const photo = document.querySelector('.boxes')!.getBoundingClientRect();
    const box = document.querySelector('.box')!.getBoundingClientRect();
    return {
      left: (box.left - photo.left) / photo.width,
      top: (box.top - photo.top) / photo.height,
      width: box.width / photo.width,
      height: box.height / photo.height,
    };
  });

/** Pairs of chips that cover each other. */
const coveredChips = (page: Page) =>
  page.evaluate(() => {
    const chips = [...document.querySelectorAll('.box-chip')].map((chip) => chip.getBoundingClientRect());
    return chips
      .flatMap((a, at) => chips.slice(at + 1).map((b) => [a, b] as const))
      .filter(
        ([a, b]) =>
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5,
      ).length;
  });
