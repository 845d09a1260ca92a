import type { Page } from '@playwright/test';
import { noBarriers, noBarriersInAnyTheme } from './barriers.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { answerDialog, expect, test } from './program.ts';

test('every screen can be used by everybody, in every theme', async ({ open, folder }) => {
  test.setTimeout(180_000);
  const { app, page } = await open();
  await expect(page.getByRole('button', { name: /chelsea\.png/u })).toBeVisible();
  await noBarriersInAnyTheme(page, 'empty');
  await noticesWhatIsPlanted(page);

  await page.getByRole('button', { name: /chelsea\.png/u }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
  await noBarriersInAnyTheme(page, 'one photo');
  await page.getByRole('button', { name: /Where this came from/u }).click();
  await noBarriersInAnyTheme(page, 'where it came from');

  writePhotos(folder, 6);
  writeBadPhotos(folder);
  await answerDialog(app, [folder]);
  await page.getByRole('button', { name: 'Run a folder' }).first().click();
  await expect(page.getByText('text.jpg').first()).toBeVisible({ timeout: 60_000 });
  await noBarriersInAnyTheme(page, 'a folder');

  await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'EfficientNet-Lite0' }).first()).toBeVisible();
  await noBarriersInAnyTheme(page, 'models');
  await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('main').getByText(/Theme/u).first()).toBeVisible();
  await noBarriersInAnyTheme(page, 'settings');
});

/** What looks for barriers is looked at: one of structure and one of colours are found where they were put. */
async function noticesWhatIsPlanted(page: Page): Promise<void> {
  await page.evaluate(() => {
    const nameless = document.createElement('button');
    const faint = document.createElement('p');
    faint.textContent = 'Words that nobody can read';
    faint.style.cssText = 'color: #777; background: #888;';
    for (const one of [nameless, faint]) one.className = 'planted';
    document.querySelector('main')!.append(nameless, faint);
  });
  await expect(noBarriers(page, 'planted')).rejects.toThrow(/button-name[^]*color-contrast/u);
  await page.evaluate(() => document.querySelectorAll('.planted').forEach((one) => one.remove()));

  // Of another theme, the colours.
  await page.evaluate(() => {
    const faint = document.createElement('p');
    faint.className = 'planted';
    faint.textContent = 'Words that nobody can read in the dark';
    const style = document.createElement('style');
    style.className = 'planted';
    style.textContent = ':root[data-theme=dark] p.planted { color: #777; background: #888; }';
    document.querySelector('main')!.append(faint, style);
  });
  await expect(noBarriersInAnyTheme(page, 'planted')).rejects.toThrow(/planted, dark[^]*color-contrast/u);
  await page.evaluate(() => document.querySelectorAll('.planted').forEach((one) => one.remove()));
}
