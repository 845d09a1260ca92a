import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { value } from './bridge.ts';
import { answerDialog, expect, oneProgram, samples, test } from './program.ts';
import { countCalls, labelRow, sampleCard } from './screen.ts';

const outpost = oneProgram();

test('an answer says where it came from, and can be copied whole', async () => {
  const { app, page } = await outpost.loaded();
  await sampleCard(page, 'chelsea').click();
  await page.getByRole('button', { name: /Where this came from/u }).click();
  const origin = page.getByRole('region', { name: 'Where this came from' });
  await expect(origin).toContainText('fp32');
  await expect(origin).toContainText('EfficientNet-Lite0 1.0.0');
  await origin.getByRole('button', { name: 'Copy' }).click();
  const read = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(read).toContain('"packDigest": "sha256:');
});

test('everything can be reached without a mouse', async () => {
  const { page } = await outpost.loaded();
  await expect(page.getByRole('button', { name: 'Choose photos' })).toBeFocused();
  const card = sampleCard(page, 'chelsea');
  await card.waitFor();
  for (
    let press = 0;
    press < 20 && !(await card.evaluate((element) => element === document.activeElement));
    press += 1
  )
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(labelRow(page, 'tiger cat')).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
  await expect(card).toBeVisible();
  for (const [key, heading] of [
    ['2', 'Runs'],
    ['3', 'Models'],
    ['6', 'Settings'],
    ['1', 'Try'],
  ] as const) {
    await page.keyboard.press(`Control+${key}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
  }
});

test('Ctrl+O opens the dialog, once', async () => {
  const { app, page } = await outpost.loaded();
  await answerDialog(app, [path.join(samples, 'chelsea.png')]);
  const counted = await countCalls(app, 'files.choose');
  await expect(page.getByRole('button', { name: 'Choose photos' })).toBeVisible();
  await page.keyboard.press('Control+o');
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  expect(await counted()).toBe(1);
});

test('text at twice its size loses nothing and needs no sideways scrolling', async () => {
  const { app, page } = await outpost.loaded();
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 0, y: 0, width: 1280, height: 800 }),
  );
  await setZoom(app, 2);
  await sampleCard(page, 'chelsea').waitFor();
  for (const [key, heading] of [
    ['1', 'Try'],
    ['2', 'Runs'],
    ['3', 'Models'],
    ['6', 'Settings'],
  ] as const) {
    await page.keyboard.press(`Control+${key}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    const spill = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(spill, heading).toBeLessThanOrEqual(0);
  }
  await page.keyboard.press('Control+1');
  await sampleCard(page, 'chelsea').click();
  await labelRow(page, 'tiger cat').scrollIntoViewIfNeeded();
  await expect(labelRow(page, 'tiger cat')).toBeInViewport();
  await setZoom(app, 1);
});

test('the threshold changes what is shown and runs nothing again', async ({ open }) => {
  const { app, page } = await open();
  // One photo: of a strip of samples the others are answered as well, later.
  await answerDialog(app, [path.join(samples, 'chelsea.png')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  const counted = await countCalls(app, 'predict.one');
  const before = await value(page, 'cache.stats');
  await expect(page.getByText('Only what is shown changes. Nothing runs again.')).toBeVisible();
  const slider = page.getByRole('slider');
  const shown = () => page.locator('.labels .row .end').first().textContent();
  const first = await shown();
  await slider.focus();
  for (let press = 0; press < 40; press += 1) await slider.press('ArrowRight');
  await expect.poll(shown).not.toBe(first);
  expect(await counted()).toBe(0);
  expect((await value(page, 'cache.stats')).answers).toBe(before.answers);
  expect(await value(page, 'app.status')).toMatchObject({ queued: 0, running: 0 });
});

function setZoom(app: ElectronApplication, factor: number): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, zoom) => BrowserWindow.getAllWindows()[0]!.webContents.setZoomFactor(zoom),
    factor,
  );
}
