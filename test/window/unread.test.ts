import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { fixture, photo } from './launch.ts';
import { answerDialog, expect, test } from './program.ts';

/* Photos that could not be read beside one that was: all of them are counted, each can be reached, and the line can be put away. */
test('several photos that could not be read are one line beside a good one, each has its card, and the line is put away', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  const lost = path.join(folder, 'lost.jpg');
  copyFileSync(fixture('bad', 'truncated.jpg'), lost);
  const chosen = [photo('chelsea.png'), fixture('bad', 'truncated.jpg'), fixture('bad', 'text.jpg'), lost];
  await answerDialog(app, chosen);
  await page.getByRole('button', { name: 'Choose photos' }).first().click();
  const line = page.getByRole('region', { name: '3 of 4 could not be read' });
  const well = page.locator('.well').first();
  await expect(page.getByText('tiger cat').first()).toBeVisible({ timeout: 60_000 });
  await expect(line).toBeVisible({ timeout: 60_000 });

  await test.step('it takes a line, and leaves the photo its room', async () => {
    expect((await line.boundingBox())!.height).toBeLessThan(60);
    expect((await well.boundingBox())!.height).toBeGreaterThan(300);
  });

  await test.step('it leads to the first of them, and each to the next, all around', async () => {
    await line.getByRole('button', { name: 'Show them' }).click();
    const card = (name: string) => page.getByText(`${name} could not be read`).first();
    const next = page.getByRole('button', { name: /^Next, \d of 3$/u });
    await expect(card('truncated.jpg')).toBeVisible();
    await expect(next).toHaveText(/1 of 3/u);
    await next.click();
    await expect(card('text.jpg')).toBeVisible();
    await next.click();
    await expect(card('lost.jpg')).toBeVisible();
    await expect(next).toHaveText(/3 of 3/u);
    await next.click();
    await expect(card('truncated.jpg')).toBeVisible();
  });

  await test.step('beside the good one it can be put away, and stays away', async () => {
    await page.keyboard.press('ArrowLeft');
    await expect(line).toBeVisible();
    const before = (await well.boundingBox())!.height;
    await line.getByRole('button', { name: 'Put this line away' }).click();
    await expect(line).toBeHidden();
    expect((await well.boundingBox())!.height).toBeGreaterThanOrEqual(before);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByText('truncated.jpg could not be read').first()).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText('tiger cat').first()).toBeVisible();
    await expect(line).toBeHidden();
  });
  // The pictures of those that could not be read, which Chromium reports by itself.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
