import type { Locator } from '@playwright/test';
import { setLook } from './layout.ts';
import { answerDialog, expect, oneProgram, test } from './program.ts';
import { labelRow } from './screen.ts';
import { photo } from './launch.ts';

const outpost = oneProgram();

test('a button that is off looks off under the hand, and no more like a button than one that is on', async () => {
  const { page } = await outpost.loaded();
  const primary = page.locator('.button.primary').first();
  const on = await styleOf(primary);
  await primary.hover();
  await expect.poll(async () => (await styleOf(primary)).background).not.toBe(on.background);
  const underHand = await styleOf(primary);
  await turnOff(primary);
  // The colours change over a moment, which a busy machine stretches.
  let off = underHand;
  await expect
    .poll(async () => {
      const before = off;
      off = await styleOf(primary);
      return off.background === before.background && off.background !== underHand.background;
    })
    .toBe(true);
  await page.mouse.move(2, 2);
  await page.waitForTimeout(300);
  expect(await styleOf(primary)).toEqual(off);
  expect(off.background).not.toBe(on.background);
  expect(off.cursor).toBe('default');

  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Models' }).click();
  const quiet = page.locator('.button.quiet').first();
  await quiet.waitFor();
  const border = (await styleOf(quiet)).border;
  await turnOff(quiet);
  expect((await styleOf(quiet)).border).toBe(border);
});

test('an example of the API is seen to its end, in every language of programs and at every width', async () => {
  const { page } = await outpost.loaded();
  const session = await page.context().newCDPSession(page);
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'API' }).click();
  const tabs = page.getByRole('tab');
  await expect(tabs).toHaveCount(4);
  const cut: string[] = [];
  for (const width of [800, 1280, 1920])
    for (let at = 0; at < 4; at += 1) {
      await setLook(page, session, { width, height: 800, zoom: 1 });
      await tabs.nth(at).click();
      const codes = page.getByRole('tabpanel').locator('pre');
      expect(await codes.count()).toBeGreaterThan(0);
      for (const code of await codes.all())
        if (await code.evaluate((one) => one.scrollWidth > one.clientWidth))
          cut.push(`${width}, ${(await tabs.nth(at).textContent()) ?? ''}`);
    }
  expect(cut).toEqual([]);
});

test('how often a version answered is what it is now, though Models was known before', async () => {
  const { app, page } = await outpost.loaded();
  const go = (place: string): Promise<void> =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
  await go('Models');
  const version = page.locator('.timeline-version').first();
  await page.locator('.model-card').filter({ hasText: 'EfficientNet-Lite0' }).click();
  await expect(version).toContainText('0 answers');
  await go('Try');
  await answerDialog(app, [photo('chelsea.png')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(labelRow(page, 'tiger cat')).toBeVisible();
  await expect
    .poll(async () => {
      await go('Try');
      await go('Models');
      await page.waitForTimeout(300);
      return version.textContent();
    })
    .toMatch(/\b1 answer\b/u);
});

const turnOff = (button: Locator): Promise<void> =>
  button.evaluate((one) => {
    (one as HTMLButtonElement).disabled = true;
  });

function styleOf(button: Locator): Promise<{ background: string; border: string; cursor: string }> {
  return button.evaluate((one) => {
    const { backgroundColor, borderTopColor, borderTopWidth, cursor } = getComputedStyle(one);
    return { background: backgroundColor, border: `${borderTopWidth} ${borderTopColor}`, cursor };
  });
}
