import path from 'node:path';
import type { Page } from '@playwright/test';
import { makeVersion } from '../fixtures/versions.ts';
import { value } from './bridge.ts';
import { answerDialog, expect, oneProgram, test } from './program.ts';

const outpost = oneProgram();

test('the version in the chip is a word, without a line below it', async () => {
  const { page } = await outpost.loaded();
  const version = page.getByRole('button', { name: /^Model in use/u }).locator('.version');
  await expect(version).toBeVisible();
  const line = await version.evaluate((element) => getComputedStyle(element, '::before').content);
  expect(line).toBe('none');
  const { width, height } = (await version.boundingBox())!;
  expect(height).toBeLessThan(24);
  expect(width).toBeLessThan(60);
});

test('a new version of one model leaves the other alone: the same model answers in Try', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page } = await outpost.loaded();
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

  const line = (version: string) =>
    page
      .locator('.timeline-version')
      .filter({ has: page.getByRole('heading', { name: version, exact: true }) });
  const output = page.getByRole('contentinfo');
  await test.step('while its first answers are watched it is on trial, wherever that is said', async () => {
    await expect(card).toContainText('On trial');
    await expect(page.getByRole('navigation', { name: 'Places' })).toContainText('On trial');
    await expect(output).toContainText('1.1.0 on trial');
    await page.getByRole('button', { name: 'Departure check' }).click();
    await expect(page.locator('.departure-lines')).toContainText(
      'EfficientNet-Lite0 1.1.0 is new and still being watched',
      {
        timeout: 40_000,
      },
    );
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Models' }).click();
  });

  await test.step('each act says what it did, and takes the word of the one before away', async () => {
    await line('1.0.0').getByRole('button', { name: 'Roll back' }).click();
    await expect(output).toContainText('1.0.0 answers again.');
    await expect(line('1.1.0')).toContainText('It was taken back by hand on this computer.');
    await line('1.0.0').getByRole('button', { name: 'Pin' }).click();
    await expect(output).toContainText('1.0.0 answers now, and stays.');
    await expect(output).not.toContainText('answers again');
    await line('1.0.0').getByRole('button', { name: 'Unpin' }).click();
    await expect(output).toContainText('Newer versions may take over again.');
    await page.getByText('History', { exact: false }).click();
    await expect(page.locator('.history')).toContainText('on trial: golden samples');
    await expect(page.locator('.history')).not.toContainText('on-trial');
  });

  await test.step('all labels are there to be read, and few of them are drawn', async () => {
    const labels = page.getByRole('region', { name: 'Labels' }).first();
    await labels.scrollIntoViewIfNeeded();
    await expect(labels.getByRole('status')).toHaveText('1,000');
    expect(await labels.getByRole('listitem').count()).toBeLessThan(60);
    await page.getByRole('searchbox', { name: 'Search in the labels' }).fill('LYNX');
    await expect(labels.getByRole('status')).toHaveText('1 of 1,000');
    await expect(labels.getByRole('listitem')).toHaveText('288lynx');
  });

  const detail = page.locator('.model-detail');
  await test.step('a search leaves nothing open that it did not find', async () => {
    const search = page.locator('.model-search').getByRole('searchbox');
    await search.fill('Ants Names');
    await expect(detail.getByRole('heading', { name: 'Ants', exact: true })).toBeVisible();
    await search.fill('no model has this');
    await expect(detail).toHaveCount(0);
    await search.fill('');
    await expect(detail.getByRole('heading', { name: 'EfficientNet-Lite0', exact: true })).toBeVisible();
  });

  await test.step('what was added is removed, after it was said what goes and what brings it back', async () => {
    await page.getByRole('button', { name: 'More for 1.0.0' }).click();
    await expect(page.getByRole('menuitem', { name: 'Export to a stick' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Remove model' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await page.locator('.model-card').filter({ hasText: 'Ants' }).click();
    await page.getByRole('button', { name: 'More for 1.0.0' }).click();
    await page.getByRole('menuitem', { name: 'Remove model' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Remove Ants?');
    await expect(dialog).toContainText(/Version 1\.0\.0 goes, 2\d(\.\d)?\sMB/u);
    await expect(dialog).toContainText('the file ants');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(output).toContainText('Ants is removed.');
    await expect(page.locator('.model-card').filter({ hasText: 'Ants' })).toHaveCount(0);
    await expect(detail).toBeFocused();
    await expect(card).toContainText('In use');
  });
});

/** What the screen says of where the answer came from, after a sample was chosen. */
async function originOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: /chelsea\.png/u }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
  await page.getByRole('button', { name: 'Where this came from' }).click();
  return page.locator('.origin').innerText();
}
