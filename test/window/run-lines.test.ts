import path from 'node:path';
import type { Page } from '@playwright/test';
import { finished, value } from './bridge.ts';
import { startRun } from './card.ts';
import { writePhotos } from './photos.ts';
import { expect, oneProgram, test } from './program.ts';
import { runList, runRows } from './screen.ts';

/* What the list of runs says of each, where there is little room, and notices in whichever language the window speaks by then. */

const pictures = process.env['OUTPOST_TEST_PICTURES'];
const ended = (page: Page, title: string) =>
  page.getByRole('list', { name: /^(?:Earlier|Frühere)$/u }).getByRole('listitem', { name: title });
const outpost = oneProgram();

test('the version of a stopped run is read whole in the list, at each size, language and theme', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const program = await outpost.loaded();
  const { app, page, complaints } = program;
  const title = 'north ridge above the old mill';
  writePhotos(path.join(folder, title), 150);
  const { id } = await startRun(program, path.join(folder, title));
  await page.keyboard.press('Control+2');
  await expect
    .poll(async () => (await value(page, 'runs.get', { run: id })).counts.answered, { timeout: 60_000 })
    .toBeGreaterThan(1);
  await value(page, 'runs.stop', { run: id });
  await expect.poll(async () => (await value(page, 'runs.get', { run: id })).kind).toBe('stopped');
  const { version } = await value(page, 'runs.get', { run: id });
  const facts = ended(page, title).locator('.model-version');
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
    [1000, 700],
  ] as const)
    for (const language of ['en', 'de'] as const)
      for (const theme of ['light', 'dark'] as const) {
        await app.evaluate(
          ({ BrowserWindow }, [wide, high]) => BrowserWindow.getAllWindows()[0]!.setContentSize(wide, high),
          [width, height] as const,
        );
        await value(page, 'settings.set', { language, theme });
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
        await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
        const where = `${width} ${language} ${theme}`;
        if (pictures) await page.screenshot({ path: path.join(pictures, `run-line ${where}.png`) });
        const [outer, last] = await Promise.all([
          facts.boundingBox(),
          facts.locator(':scope > :last-child').boundingBox(),
        ]);
        expect(last!.x + last!.width, where).toBeLessThanOrEqual(outer!.x + outer!.width + 1);
        await expect(facts.locator(':scope > :last-child')).toHaveText(new RegExp(`^ ${version}`, 'u'));
        // When it was is not cut for it either.
        const [shown, whole] = await facts
          .locator(':scope > :first-child')
          .evaluate((each) => [each.clientWidth, each.scrollWidth]);
        expect(shown, where).toBeGreaterThanOrEqual(whole! - 1);
        expect(await facts.getAttribute('title')).toContain(version);
      }
  expect(complaints).toEqual([]);
});

test('a notice that is on the screen speaks the language that is chosen meanwhile, and can still be undone', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const program = await outpost.loaded();
  const { page, complaints } = program;
  const card = path.join(folder, 'valley');
  writePhotos(card, 3);
  const { id } = await startRun(program, card);
  await finished(page, id);
  await page.keyboard.press('Control+2');
  await ended(page, 'valley').getByRole('button', { name: 'valley', exact: true }).click();
  await expect(runRows(page)).toHaveCount(3);
  const notice = page.locator('.notice');
  await test.step('with a value that is a text of the page itself', async () => {
    await runList(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('r');
    await expect(notice).toContainText('3 photos confirmed: each as the model says.');
    await value(page, 'settings.set', { language: 'de' });
    await expect(notice).toContainText('3 Fotos bestätigt: jedes, wie das Modell sagt.');
    await value(page, 'settings.set', { language: 'en' });
    await expect(notice).toContainText('3 photos confirmed: each as the model says.');
  });
  await test.step('so does one that goes by itself, in the status bar', async () => {
    await runRows(page).first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Copy path/u }).click();
    await expect(page.locator('.announced')).toHaveText('Copied.');
    await value(page, 'settings.set', { language: 'de' });
    await expect(page.locator('.announced')).toHaveText('Kopiert.');
    await value(page, 'settings.set', { language: 'en' });
  });
  await test.step('and its Undo', async () => {
    await value(page, 'settings.set', { language: 'de' });
    await notice.getByRole('button', { name: 'Rückgängig' }).click();
    await expect(notice).toContainText('Für 3 Fotos zurückgenommen: jedes, wie das Modell sagt.');
    await value(page, 'settings.set', { language: 'en' });
    await expect(notice).toContainText('Taken back for 3 photos: each as the model says.');
  });
  expect(complaints).toEqual([]);
});
