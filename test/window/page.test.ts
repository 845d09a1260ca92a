import path from 'node:path';
import { value } from './bridge.ts';
import { dropFiles } from './launch.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { answerDialog, expect, oneProgram, samples, test } from './program.ts';
import { recordTasks } from './tasks.ts';

const outpost = oneProgram();

test('a click on a sample shows what is on it and where that came from', async () => {
  const { page, complaints } = await outpost.loaded();
  await page.getByRole('button', { name: /chelsea\.png/u }).click();
  const first = page.getByRole('listitem').filter({ hasText: 'tiger cat' });
  await expect(first).toContainText(/\d+\.\d\s*%/u);
  // 40.845 % where the model was made; a picture is made smaller in more than one right way.
  const percent = Number(/([\d.]+)\s*%/u.exec((await first.textContent()) ?? '')?.[1]);
  expect(Math.abs(percent - 40.845)).toBeLessThan(0.5);
  await page.getByRole('button', { name: /Where this came from/u }).click();
  const origin = page.getByRole('region', { name: 'Where this came from' });
  await expect(origin).toContainText('EfficientNet-Lite0 1.0.0');
  await expect(origin).toContainText('451 × 300');
  expect(complaints).toEqual([]);
});

test('photos come from the dialog, by dropping and from the menu’s key', async () => {
  const { app, page } = await outpost.loaded();
  await answerDialog(app, [path.join(samples, 'coffee.png')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'espresso' }).first()).toBeVisible();
  await dropFiles(page, [path.join(samples, 'chelsea.png')]);
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
});

test('a file that is no photo says so by name, and the next photo is answered', async ({ folder }) => {
  const { app, page } = await outpost.loaded();
  writeBadPhotos(folder);
  await answerDialog(app, [path.join(folder, 'text.jpg')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(page.getByText(/text\.jpg/u).first()).toBeVisible();
  await expect(page.getByText(/not a picture/u).first()).toBeVisible();
  await answerDialog(app, [path.join(samples, 'chelsea.png')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
});

test('a folder is run from the page, its bad files listed by name', async ({ folder }) => {
  const { app, page, complaints } = await outpost.loaded();
  writePhotos(folder, 20);
  const bad = writeBadPhotos(folder);
  await answerDialog(app, [folder]);
  await page
    .getByRole('button', { name: /(?:Run|Choose) a folder/u })
    .first()
    .click();
  for (const name of bad) await expect(page.getByText(name).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('photo-0000.jpg').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('the main thread never stalls while a folder is answered', async ({ open, folder }) => {
  const { app, page } = await open();
  const photos = path.join(folder, 'photos');
  writePhotos(photos, 90);
  await answerDialog(app, [photos]);
  const stop = await recordTasks(app, path.join(folder, 'trace.json'));
  await page
    .getByRole('button', { name: /(?:Run|Choose) a folder/u })
    .first()
    .click();
  await expect
    .poll(async () => (await value(page, 'cache.stats')).answers, { timeout: 80_000, intervals: [500] })
    .toBe(90);
  const tasks = await stop();
  const longest = tasks.toSorted((one, other) => other.ownMs - one.ownMs).slice(0, 5);
  test.info().annotations.push({ type: 'longest tasks of the page', description: JSON.stringify(longest) });
  expect(tasks.length).toBeGreaterThan(100);
  // Its own time: how long it waited for a processor says more about what else this machine does.
  expect(longest.filter(({ ownMs }) => ownMs > 50)).toEqual([]);
});
