import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { answerDialog, expect, test } from './program.ts';

const themes = ['light', 'dark', 'contrast'] as const;
for (const theme of themes)
  test(`every screen can be used by everybody: ${theme}`, async ({ open, folder }) => {
    const { app, page } = await open();
    await value(page, 'settings.set', { theme });
    await expect(page.getByRole('button', { name: /chelsea\.png/u })).toBeVisible();
    await noBarriers(page, 'empty');

    await page.getByRole('button', { name: /chelsea\.png/u }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
    await noBarriers(page, 'one photo');
    await page.getByRole('button', { name: /Where this came from/u }).click();
    await noBarriers(page, 'where it came from');

    writePhotos(folder, 6);
    writeBadPhotos(folder);
    await answerDialog(app, [folder]);
    await page.getByRole('button', { name: 'Run a folder' }).first().click();
    await expect(page.getByText('text.jpg').first()).toBeVisible({ timeout: 60_000 });
    await noBarriers(page, 'a folder');

    await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
    await expect(page.getByRole('heading', { name: 'EfficientNet-Lite0' }).first()).toBeVisible();
    await noBarriers(page, 'models');
    await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('main').getByText(/Theme/u).first()).toBeVisible();
    await noBarriers(page, 'settings');
  });
