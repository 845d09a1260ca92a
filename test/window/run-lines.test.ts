import path from 'node:path';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { startRun } from './card.ts';
import { writePhotos } from './photos.ts';
import { expect, oneProgram, test } from './program.ts';

/* What the list of runs says of each, where there is little room. */

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
