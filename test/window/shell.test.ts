import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { value } from './bridge.ts';
import { writePhotos } from './photos.ts';
import { answerDialog, expect, oneProgram, samples, test } from './program.ts';
import { countCalls, labelRow } from './screen.ts';

const title = (app: ElectronApplication): Promise<string | undefined> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
const menu = (app: ElectronApplication): Promise<readonly string[]> =>
  app.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? []).map(({ label }) => label.replace('&', '')),
  );
const choose = (app: ElectronApplication, id: string): Promise<void> =>
  app.evaluate(({ Menu }, name) => Menu.getApplicationMenu()!.getMenuItemById(name)!.click(), id);
const recent = (app: ElectronApplication): Promise<readonly string[]> =>
  app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()!
      .getMenuItemById('recent')!
      .submenu!.items.filter(({ type }) => type === 'normal')
      .map(({ label }) => label),
  );
const widthOfPane = async (page: Page): Promise<number> =>
  Math.round((await page.getByRole('complementary').first().boundingBox())!.width);
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

const outpost = oneProgram();

test('the menu bar, the keys and the navigation are one and speak one language', async () => {
  const { app, page } = await outpost.loaded();
  await expect.poll(() => menu(app)).toEqual(['File', 'Edit', 'View', 'Help']);
  for (const [id, args] of [
    ['settings', 'Settings'],
    ['monitor', 'Monitor'],
    ['try', 'Try'],
  ] as const) {
    await choose(app, id);
    await expect(heading(page)).toHaveText(args);
  }
  await page.keyboard.press('Control+,');
  await expect(heading(page)).toHaveText('Settings');
  // A number leads where it stands in the navigation.
  const names = await page.getByRole('navigation').first().getByRole('button').allInnerTexts();
  for (const [at, name] of names.entries()) {
    await page.keyboard.press(`Control+${at + 1}`);
    await expect(heading(page)).toHaveText(name.trim());
  }
  await page.keyboard.press('Control+3');
  await page.keyboard.press('Control+f');
  await expect(page.getByRole('searchbox', { name: 'Model or label' })).toBeFocused();
  await page.keyboard.type('eff');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('searchbox', { name: 'Model or label' })).toHaveValue('');
  await page.getByRole('searchbox', { name: 'Model or label' }).blur();
  await page.keyboard.press('Control+a');
  expect(await page.evaluate(() => String(getSelection()))).toBe('');
  await choose(app, 'keys');
  const keys = page.getByRole('dialog');
  await expect(keys).toContainText('Go to Try, Runs, Models, Monitor, API, or Settings');
  await page.keyboard.press('Escape');
  expect(await value(page, 'settings.set', { language: 'de' })).toMatchObject({ language: 'de' });
  await expect.poll(() => menu(app)).toEqual(['Datei', 'Bearbeiten', 'Ansicht', 'Hilfe']);
});

test('a menu item and its key do the same, once', async () => {
  const { app, page } = await outpost.loaded();
  await answerDialog(app, [path.join(samples, 'chelsea.png')]);
  const counted = await countCalls(app, 'files.choose');
  await expect(page.getByRole('button', { name: 'Choose photos' })).toBeFocused();
  await page.keyboard.press('Control+o');
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  expect(await counted()).toBe(1);
  await expect.poll(() => title(app)).toBe('chelsea.png – Outpost');
  // Select all of the menu paints what a person may want to copy, and neither the photo nor what is pressed.
  const isSelectable = (part: string): Promise<boolean> =>
    page
      .locator(part)
      .first()
      .evaluate((one) => getComputedStyle(one).userSelect !== 'none');
  for (const part of ['.well img', '.strip img', '.threshold', 'nav button', 'footer', '.head'])
    expect(await isSelectable(part), part).toBe(false);
  expect(await isSelectable('.labels .row')).toBe(true);
  await page.keyboard.press('Control+w');
  await expect(page.getByRole('button', { name: 'Choose photos' })).toBeFocused();
  await expect.poll(() => title(app)).toBe('Outpost');
  await app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()!.getMenuItemById('recent')!.submenu!.items[0]!.click(),
  );
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  await app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()!.getMenuItemById('recent')!.submenu!.items.at(-1)!.click(),
  );
  await expect.poll(() => recent(app)).toEqual(['Clear the list']);
});

test('place, threshold and the width of the pane come back, and a photo that was given is shown all the same', async ({
  open,
  folder,
}) => {
  const first = await open({ data: folder, files: [path.join(samples, 'chelsea.png')] });
  await expect(labelRow(first.page, 'tiger cat')).toBeVisible();
  await first.page.getByRole('slider').focus();
  for (let press = 0; press < 7; press += 1) await first.page.keyboard.press('ArrowRight');
  // As is the width of the pane, which the page keeps by itself.
  const usual = await widthOfPane(first.page);
  await first.page.getByRole('separator', { name: 'Width of the pane' }).press('ArrowLeft');
  await expect.poll(() => widthOfPane(first.page)).toBe(usual + 16);
  await first.page.keyboard.press('Control+4');
  await expect(heading(first.page)).toHaveText('Monitor');
  await expect.poll(() => value(first.page, 'app.look')).toMatchObject({ threshold: 0.17 });
  await first.close();
  const second = await open({ data: folder });
  await expect(heading(second.page)).toHaveText('Monitor');
  await second.close();
  const third = await open({ data: folder, files: [path.join(samples, 'chelsea.png')] });
  await expect(labelRow(third.page, 'tiger cat')).toBeVisible();
  await expect(third.page.getByRole('slider')).toHaveAttribute('aria-valuenow', '17');
  await expect.poll(() => widthOfPane(third.page)).toBe(usual + 16);
});

type Signals = { bars: number[]; reported: { title: string; body: string }[]; flashed: boolean };

test('a run is seen in the task bar and in the title, and its end is told to who looks elsewhere', async ({
  folder,
}) => {
  const { app, page } = await outpost.loaded();
  const photos = path.join(folder, 'creek');
  writePhotos(photos, 12);
  await app.evaluate(({ BrowserWindow, Notification }) => {
    const signals: Signals = { bars: [], reported: [], flashed: false };
    (globalThis as { signals?: Signals }).signals = signals;
    const window = BrowserWindow.getAllWindows()[0]!;
    window.setProgressBar = (share) => void signals.bars.push(share);
    window.flashFrame = (flag) => void (signals.flashed ||= flag);
    window.isFocused = () => false;
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) {
      signals.reported.push({ title: this.title, body: this.body });
    };
  });
  const signals = (): Promise<Signals> =>
    app.evaluate(() => (globalThis as unknown as { signals: Signals }).signals);
  await answerDialog(app, [photos]);
  await page
    .getByRole('button', { name: /(?:Run|Choose) a folder/u })
    .first()
    .click();
  await expect
    .poll(async () => (await signals()).reported, { timeout: 60_000 })
    .toEqual([{ title: 'Done: creek', body: 'Answered: 12' }]);
  const { bars, flashed } = await signals();
  expect(flashed).toBe(true);
  expect(bars.at(-1)).toBe(-1);
  expect(bars.some((share) => share >= 0)).toBe(true);
  await expect.poll(() => title(app)).toBe('creek – Outpost');
});
