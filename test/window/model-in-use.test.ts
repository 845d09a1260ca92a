import path from 'node:path';
import type { Page } from '@playwright/test';
import { makeVersion } from '../fixtures/versions.ts';
import { value } from './bridge.ts';
import { answerDialog, expect, test } from './program.ts';

test('a new version of one model leaves the other alone: the same model answers in Try', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page } = await open();
  await value(page, 'settings.set', { allowUnsigned: true });
  const install = async (pack: string): Promise<void> => {
    await answerDialog(app, [pack]);
    const chosen = await value(page, 'import.choose', { kind: 'folder' });
    await value(page, 'import.install', { ref: chosen!.ref, consentExpired: false });
  };
  const chip = page.getByRole('button', { name: /^Model in use/u });
  await expect(chip).toContainText('EfficientNet-Lite0');

  // First by its name and by its place in the list.
  await install(
    makeVersion(path.join(folder, 'ants'), {
      id: 'efficientnet-lite0',
      version: '1.0.0',
      change: (manifest) => ({ ...manifest, id: 'ants', title: 'Ants' }),
    }),
  );
  await install(makeVersion(path.join(folder, 'next'), { id: 'efficientnet-lite0', version: '1.1.0' }));
  expect((await value(page, 'settings.get')).model).toBe('efficientnet-lite0');
  await value(page, 'lifecycle.switch', { model: 'efficientnet-lite0', version: '1.1.0' });
  await expect(chip).toContainText('EfficientNet-Lite0');
  await expect(chip).toContainText('1.1.0');
  expect(await originOf(page)).toContain('EfficientNet-Lite0 1.1.0');

  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Models' }).click();
  const card = page.locator('.model-card').filter({ hasText: 'EfficientNet-Lite0' });
  await expect(card).toContainText('In use');
});

test('the version in the chip is a word, without a line below it', async ({ open }) => {
  const { page } = await open();
  const version = page.getByRole('button', { name: /^Model in use/u }).locator('.version');
  await expect(version).toBeVisible();
  const line = await version.evaluate((element) => getComputedStyle(element, '::before').content);
  expect(line).toBe('none');
  const { width, height } = (await version.boundingBox())!;
  expect(height).toBeLessThan(24);
  expect(width).toBeLessThan(60);
});

/** What the screen says of where the answer came from, after a sample was chosen. */
async function originOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: /chelsea\.png/u }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
  await page.getByRole('button', { name: 'Where this came from' }).click();
  return page.locator('.origin').innerText();
}
