import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { noBarriersInAnyTheme } from './barriers.ts';
import { value } from './bridge.ts';
import { answerDialog, expect, oneProgram, root, samples, test } from './program.ts';
import { runList, runRows } from './screen.ts';

const own = path.join(root, 'models', 'camera-triage', 'samples');

/** A card with animals, people and empty photos. */
function writeCard(folder: string): string {
  const card = path.join(folder, 'Card 7');
  mkdirSync(card);
  for (const name of ['raccoon.jpg', 'sheet.jpg', 'grace_hopper.jpg'])
    copyFileSync(path.join(own, name), path.join(card, name));
  for (const name of ['coffee.png', 'brick.png'])
    copyFileSync(path.join(root, 'test', 'fixtures', 'photos', name), path.join(card, name));
  return card;
}

const outpost = oneProgram();

test('one click at the start finds animals, and a folder shows what is on each photo and which are empty', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await outpost.loaded();
  const find = page.getByRole('button', { name: 'Find animals, people, vehicles' });
  const naming = page.getByRole('button', { name: 'Name the photo' });

  await test.step('what answers by default is what it was', async () => {
    await expect(naming).toHaveAttribute('aria-pressed', 'true');
    await expect(find).toHaveAttribute('aria-pressed', 'false');
    await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('EfficientNet-Lite0');
  });
  await find.click();
  await expect(find).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: /^Model in use/u })).toContainText('Camera triage');
  expect((await value(page, 'settings.get')).model).toBe('camera-triage');

  await answerDialog(app, [writeCard(folder)]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  await expect(runRows(page)).toHaveCount(5);
  const empties = Number(
    /(\d+) of 5 photos are empty/u.exec((await page.locator('.run-seen p').textContent()) ?? '')?.[1],
  );
  expect(empties).toBeGreaterThanOrEqual(1);

  await test.step('rows count what was found, and their pictures have its boxes', async () => {
    const raccoon = runRows(page).filter({ hasText: 'raccoon.jpg' });
    await expect(raccoon).toContainText('1 animal');
    await expect(raccoon.locator('.box-mark')).toHaveCount(1);
    const coffee = runRows(page).filter({ hasText: 'coffee.png' });
    await expect(coffee).toContainText('empty');
    await expect(coffee.locator('.box-mark')).toHaveCount(0);
  });

  await test.step('the list shows the empty ones alone', async () => {
    await page.getByText(/^Empty/u).click();
    await expect(runRows(page)).toHaveCount(empties);
    for (const row of await runRows(page).all()) await expect(row).toContainText('empty');
  });

  await test.step('a label shows every photo that has it, also where another is stronger', async () => {
    await page.getByRole('button', { name: 'Filter by label' }).click();
    await page.getByRole('menuitem', { name: /^person/u }).click();
    await expect(runRows(page).filter({ hasText: 'sheet.jpg' })).toHaveCount(1);
    await expect(runRows(page).filter({ hasText: 'grace_hopper.jpg' })).toHaveCount(1);
    await expect(runRows(page).filter({ hasText: 'raccoon.jpg' })).toHaveCount(0);
    const people = await runRows(page).count();
    const line = page.locator('.run-seen').getByRole('button', { name: /^person/u });
    await expect(line).toHaveAttribute('aria-pressed', 'true');
    await expect(line).toContainText(String(people));
    await line.click();
    await expect(runRows(page)).toHaveCount(5);
  });

  await test.step('by keyboard alone, a person says what is right: a label, another one, or nothing', async () => {
    await page.getByText(/^Empty/u).click();
    await runList(page).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Nothing above 50%' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Right', exact: true })).toBeVisible();
    await page.keyboard.press('r');
    await expect(page.getByRole('contentinfo')).toContainText(
      empties > 1 ? 'empty. Z takes it back.' : 'empty. Nothing is left to review here.',
    );
    await page.keyboard.press('z');
    // At once: it is meant for the photo that is back.
    await page.keyboard.press('n');
    await expect(page.getByRole('button', { name: 'Right', exact: true })).toBeVisible();
    const labels = page.getByRole('listbox', { name: 'The right label is' });
    await expect(labels.getByRole('option')).toHaveCount(3);
    const names = await labels.getByRole('option').allTextContents();
    expect(names.map((name) => name.replace(/[\d.%]/gu, '')).sort()).toEqual(['animal', 'person', 'vehicle']);
    await expect(page.getByRole('combobox', { name: 'Search in the labels' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('contentinfo')).toContainText(/: (?:animal|person|vehicle)\. /u);
    await page.keyboard.press('Escape');
    await expect(
      runRows(page)
        .first()
        .getByLabel(/^You said: (?:animal|person|vehicle)$/u),
    ).toBeVisible();
  });

  expect(complaints).toEqual([]);
});

test('each state of finding can be used by everybody, in every theme', async ({ folder }) => {
  test.setTimeout(180_000);
  const { app, page } = await outpost.loaded();
  const inEveryTheme = (state: string): Promise<void> => noBarriersInAnyTheme(page, state);
  await page.getByRole('button', { name: 'Find animals, people, vehicles' }).click();
  await inEveryTheme('the start with its choices');
  await answerDialog(app, [path.join(own, 'sheet.jpg'), path.join(samples, 'coffee.png')]);
  await page.getByRole('button', { name: 'Choose photos' }).click();
  await expect(page.locator('.box').first()).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.box.walked')).toHaveCount(1);
  await inEveryTheme('a walked box');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('heading', { name: /^Nothing above/u })).toBeVisible();
  await inEveryTheme('nothing found');
  await answerDialog(app, [writeCard(folder)]);
  await page.getByRole('button', { name: 'Run a folder' }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
  await page.getByText(/^Empty/u).click();
  await inEveryTheme('empty photos of a folder');
});
