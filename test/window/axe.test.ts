import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { answerDialog, expect, test } from './program.ts';

const themes = ['light', 'dark', 'contrast'] as const;
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

for (const theme of themes)
  test(`every screen can be used by everybody: ${theme}`, async ({ open, folder }) => {
    const { app, page } = await open();
    await value(page, 'settings.set', { theme });
    await expect(page.getByRole('button', { name: /chelsea\.png/u })).toBeVisible();
    await check(page, 'empty');

    await page.getByRole('button', { name: /chelsea\.png/u }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
    await check(page, 'one photo');
    await page.getByRole('button', { name: /Where this came from/u }).click();
    await check(page, 'where it came from');

    writePhotos(folder, 6);
    writeBadPhotos(folder);
    await answerDialog(app, [folder]);
    await page.getByRole('button', { name: 'Run a folder' }).first().click();
    await expect(page.getByText('text.jpg').first()).toBeVisible({ timeout: 60_000 });
    await check(page, 'a folder');

    await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
    await expect(page.getByRole('heading', { name: 'EfficientNet-Lite0' }).first()).toBeVisible();
    await check(page, 'models');
    await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('main').getByText(/Theme/u).first()).toBeVisible();
    await check(page, 'settings');
  });

async function check(page: Page, screen: string): Promise<void> {
  // Colours fade from one to the other: what is read is what stays.
  await page.waitForTimeout(300);
  // The usual mode opens a second page, which this program refuses.
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode(true).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })),
  );
  expect(found, screen).toEqual([]);
}
