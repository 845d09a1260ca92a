import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { workerPids } from './bridge.ts';
import { answerDialog, expect, oneProgram, samples, test } from './program.ts';
import { labelRow, runList, runRows } from './screen.ts';

const outpost = oneProgram();

test('Esc closes what is open and stops there; Clear is undone; an empty clipboard says so', async ({
  folder,
}) => {
  const { app, page, complaints } = await outpost.loaded();
  const cup = path.join(folder, 'cup.png');
  copyFileSync(path.join(samples, 'coffee.png'), cup);
  await app.evaluate(({ clipboard }) => clipboard.clear());
  const empty = page.getByRole('heading', { name: /Drop a photo/u });
  await expect(empty).toBeVisible();
  await expect(page.getByRole('button', { name: /chelsea\.png/u })).toContainText('451 × 300');
  // The samples are shown as they are: no second worker is started to make them smaller.
  expect((await workerPids(app)).length).toBeLessThanOrEqual(1);
  await page.getByRole('button', { name: 'Add a model' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['From a file…', 'From a folder or stick…']);
  await page.keyboard.press('Escape');
  await page.evaluate(() => void window.dispatchEvent(new ClipboardEvent('paste')));
  await expect(page.getByRole('status').filter({ hasText: 'no picture and no file' })).toBeVisible();

  await answerDialog(app, [path.join(samples, 'chelsea.png'), cup]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  await expect(page.getByText('no picture and no file')).toBeHidden();

  // The photo's point in the middle of the well stays there, whichever way it changes its size.
  const well = page.locator('.well');
  for (let press = 0; press < 5; press += 1) await page.keyboard.press('+');
  await well.evaluate((element) => element.scrollTo(element.scrollWidth * 0.1, element.scrollHeight * 0.1));
  const before = await middleOf(page);
  for (const keys of ['+', '+', '-', '+']) await page.keyboard.press(keys);
  const after = await middleOf(page);
  expect(Math.abs(after.x - before.x)).toBeLessThan(0.01);
  expect(Math.abs(after.y - before.y)).toBeLessThan(0.01);
  expect(Math.abs(before.x - 0.5)).toBeGreaterThan(0.05);

  await page.getByRole('button', { name: /Where this came from/u }).click();
  const drawer = page.getByRole('region', { name: 'Where this came from' });
  await expect(drawer).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  expect(await spillOf(page)).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await expect.poll(() => spillOf(page)).toBe(0);
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Escape');
  await expect(labelRow(page, 'tiger cat')).toBeVisible();

  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(empty).toBeVisible();
  const output = page.getByRole('status').filter({ hasText: '2 photos were cleared' });
  await output.getByRole('button', { name: 'Undo' }).click();
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  await expect(page.getByRole('listbox', { name: 'Photos' }).getByRole('option')).toHaveCount(2);
  await expect(output).toBeHidden();

  // The photo goes before it was ever shown large: the well says so in words, and the answer stays.
  await expect(page.getByRole('option', { name: 'espresso' })).toBeVisible();
  rmSync(cup);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('cup.png is no longer there. Its answer stands.')).toBeVisible();
  await expect(labelRow(page, 'espresso').first()).toBeVisible();
  await expect(page.locator('.well img')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Larger' })).toBeDisabled();
  expect(complaints.filter((text) => !/404/u.test(text))).toEqual([]);
});

test('the pane is as wide as a hand made it; a pasted picture has a name; numbers have one form', async () => {
  const { app, page } = await outpost.loaded();
  await answerDialog(app, [path.join(samples, 'chelsea.png')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(labelRow(page, 'tiger cat')).toHaveText(/^tiger cat\d\d\.\d%$/u);

  const pane = page.getByRole('complementary').first();
  const width = async () => Math.round((await pane.boundingBox())!.width);
  const edge = page.getByRole('separator', { name: 'Width of the pane' });
  const usual = await width();
  await edge.focus();
  await edge.press('ArrowLeft');
  await expect.poll(width).toBe(usual + 16);
  const box = (await edge.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.abs((await width()) - usual - 76)).toBeLessThanOrEqual(1);
  const chosen = await width();
  await page.mouse.move(x - 300, y);
  expect(await width()).toBe(chosen);

  // What was asked before is from the cache, under that one name.
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(page.getByRole('button', { name: /Where this came from/u })).toContainText('from cache');
  const wasCopied = await app.evaluate(
    ({ clipboard, nativeImage }, file) => {
      const older = clipboard as unknown as { writeImage?(image: unknown): void };
      older.writeImage?.(nativeImage.createFromPath(file));
      return 'writeImage' in clipboard;
    },
    path.join(samples, 'coffee.png'),
  );
  if (wasCopied) {
    await page.evaluate(() => void window.dispatchEvent(new ClipboardEvent('paste')));
    await expect(page.getByText(/^Pasted picture \d{1,2}:\d\d/u).first()).toBeVisible();
    await expect(labelRow(page, 'espresso').first()).toBeVisible();
  }
  await page.reload();
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect.poll(width).toBe(chosen);
  await edge.press('Enter');
  await expect.poll(width).toBe(usual);
});

test('the drop veil stands only while a drag is heard', async () => {
  const { page } = await outpost.loaded();
  const veil = page.locator('.drop-veil');
  await expect(page.getByRole('button', { name: 'Choose photos' })).toBeVisible();
  // In the page, so that the silence that closes it as well cannot be what is seen.
  const seen = await page.evaluate(async () => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const isOpen = async () => {
      await painted();
      return document.querySelector('.drop-veil') !== null;
    };
    const drag = (type: string) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.png'));
      window.dispatchEvent(new DragEvent(type, { dataTransfer }));
    };
    const ends = {
      // Two entered and one was gone before it could leave.
      left: () => drag('dragleave'),
      escaped: () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })),
      moved: () => window.dispatchEvent(new PointerEvent('pointermove')),
    };
    const all: Record<string, readonly boolean[]> = {};
    for (const [name, end] of Object.entries(ends)) {
      drag('dragenter');
      drag('dragenter');
      const before = await isOpen();
      end();
      all[name] = [before, await isOpen()];
    }
    return all;
  });
  expect(seen).toEqual({ left: [true, false], escaped: [true, false], moved: [true, false] });
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.png'));
    const over = setInterval(() => window.dispatchEvent(new DragEvent('dragover', { dataTransfer })), 100);
    setTimeout(() => clearInterval(over), 2_000);
  });
  await page.waitForTimeout(1_200);
  await expect(veil).toBeVisible();
  // The drag ended elsewhere, and nobody said so.
  await expect(veil).toHaveCount(0, { timeout: 5_000 });
});

/** Which point of the photo stands in the middle of its well, in shares of the photo. */
const middleOf = (page: Page): Promise<{ readonly x: number; readonly y: number }> =>
  page.locator('.well').evaluate((element) => {
    const photo = element.querySelector('.photo')!.getBoundingClientRect();
    const { left, top } = element.getBoundingClientRect();
    return {
      x: (left + element.clientWidth / 2 - photo.left) / photo.width,
      y: (top + element.clientHeight / 2 - photo.top) / photo.height,
    };
  });

/** How much of the photo lies outside the well, in pixels; 0 where it fits. */
const spillOf = (page: Page): Promise<number> =>
  page.locator('.well').evaluate((element) => element.scrollWidth - element.clientWidth);

test('from an answer there is a way to its file, with the mouse and without', async ({ folder }) => {
  const { app, page, complaints } = await outpost.loaded();
  const card = path.join(folder, 'card');
  const [cat, cup] = ['100', '101'].map((name) => path.join(card, 'DCIM', name, 'IMG_0001.PNG'));
  for (const [to, from] of [
    [cat!, 'chelsea.png'],
    [cup!, 'coffee.png'],
  ] as const) {
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(path.join(samples, from), to);
  }
  await app.evaluate(({ BrowserWindow, shell }) => {
    const asked: string[] = ((globalThis as { asked?: string[] }).asked = []);
    shell.showItemInFolder = (file) => void asked.push(`reveal ${file}`);
    BrowserWindow.getAllWindows()[0]!.webContents.startDrag = ({ file }) => void asked.push(`drag ${file}`);
    shell.openPath = (file) => Promise.resolve((asked.push(`open ${file}`), ''));
  });
  const asked = () => app.evaluate(() => (globalThis as { asked?: string[] }).asked);
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await answerDialog(app, [card]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();

  // Two files of one name are told apart by their folders, and found by them.
  const rows = runRows(page);
  // The first run of a computer measures it before it answers.
  await expect(rows).toHaveCount(2, { timeout: 60_000 });
  await expect(rows.filter({ hasText: 'DCIM/100/' })).toContainText('tiger cat');
  const search = page.getByRole('textbox', { name: 'Name, folder or label' });
  await search.fill('dcim/101');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('espresso');
  await search.fill('');
  await expect(rows).toHaveCount(2);

  await rows.filter({ hasText: 'DCIM/101/' }).click({ button: 'right' });
  const item = (name: string) => page.getByRole('menuitem', { name });
  await item('Show in folder').click();
  await expect.poll(asked).toEqual([`reveal ${cup}`]);

  const list = runList(page);
  await list.focus();
  await list.press('Home');
  await list.press('Shift+F10');
  await expect(item('Show in folder')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(asked).toEqual([`reveal ${cup}`, `open ${cat}`]);
  await expect(list).toBeFocused();

  await list.press('Shift+F10');
  await item('Copy path').click();
  await expect.poll(copied).toBe(cat);
  await list.press('Shift+F10');
  await item('Copy labels').click();
  await expect.poll(copied).toMatch(/IMG_0001\.PNG\ntiger cat\t\d/u);
  await list.press('Shift+F10');
  await item('Right: tiger cat').click();
  await list.press('Shift+F10');
  await expect(item('tiger cat is confirmed')).toBeDisabled();

  // Not this: the photo comes large, with the labels to choose from.
  await item('Not this…').click();
  const labels = page.getByRole('listbox', { name: 'The right label is' });
  await labels.getByRole('option', { name: /^Egyptian cat/u }).click();
  await expect(page.getByText('Egyptian cat is confirmed')).toBeVisible();
  await page.getByRole('button', { name: /Where this came from/u }).click();
  const origin = page.getByRole('region', { name: 'Where this came from' });
  await expect(origin).toContainText(cat!);
  await origin.getByRole('button', { name: 'Show in folder' }).click();
  await expect.poll(asked).toHaveLength(3);

  const well = page.getByRole('group', { name: 'Photo IMG_0001.PNG' });
  await well.focus();
  await well.press('Shift+F10');
  await item('Show in folder').click();
  await expect.poll(asked).toHaveLength(4);
  // Dragged out: the system gets the file itself, and the window does not take it for one that is brought.
  await page.locator('.well img').dispatchEvent('dragstart');
  await expect.poll(async () => (await asked())?.at(-1)).toBe(`drag ${cat}`);
  const isTaken = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.png'));
    return !window.dispatchEvent(new DragEvent('dragover', { dataTransfer, cancelable: true }));
  });
  expect(isTaken).toBe(false);
  expect(complaints).toEqual([]);
});
