import { copyFileSync, mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { answerDialog, expect, test } from './program.ts';
import { faultsOfLayout } from './layout.ts';
import { openMeasured } from './look.ts';
import { openOffice, swapped } from './office.ts';
import { dropFiles, fixture, photo } from './launch.ts';
import { writeBadPhotos, writePhotos } from './photos.ts';
import { runList, sampleCard } from './screen.ts';

const long =
  'North ridge camera 07, 2026-10-14 05-31-22, Übergang am Wildwechsel (second battery), IMG_0001.jpg';
test('every screen can be read and reached, at every size and in every language', async ({
  open,
  folder,
}) => {
  test.setTimeout(320_000);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  const program = await open({ data });
  const { app, page } = program;
  const { found, look } = await openMeasured(page);
  const go = (place: string) =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
  const choose = async (paths: readonly string[], button: string | RegExp) => {
    await answerDialog(app, paths);
    await page.getByRole('button', { name: button }).first().click();
  };
  /** What a person brings: a model pack, a feed, and a bare model file. */
  const lookAtImports = async (): Promise<void> => {
    const dialog = page.getByRole('dialog');
    const bring = async (from: string): Promise<void> => {
      await answerDialog(app, [from]);
      await page.getByRole('button', { name: 'Add a model' }).click();
      await page.getByRole('menuitem', { name: /folder/u }).click();
      await expect(dialog).toBeVisible();
    };
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    };
    await bring(path.join(folder, 'office', '1.1.0'));
    await look('a model that is brought');
    await close();
    await bring(office.feed);
    await look('a feed that is brought');
    await close();
    const bare = path.join(folder, 'Colours of our fields and of the meadows beside them, 2026.onnx');
    copyFileSync(fixture('exports', 'colours-pytorch.onnx'), bare);
    await dropFiles(page, [bare]);
    const form = page.getByRole('form');
    await expect(form.getByLabel('Title')).toBeFocused();
    await look('the form for a bare model');
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(form.getByText('This is still open.').first()).toBeVisible();
    await form.getByText('Names what a photo shows').click();
    await form.getByRole('button', { name: 'Take it' }).click();
    await expect(form.getByRole('img', { name: /What the model gets/u })).toBeVisible();
    await look('the form with what is missing');
    await form.locator('summary').press('Enter');
    await answerDialog(app, [bare]);
    await form.getByRole('button', { name: 'Add a file…' }).click();
    await expect(form.getByText('is given twice')).toBeVisible();
    await form.getByText('All of it, with a margin').click();
    await look('the form with all it takes', /ist zweimal angegeben/u);
    await page.getByRole('button', { name: 'All models' }).click();
  };

  await expect(sampleCard(page, 'chelsea\\.png')).toBeVisible();
  await look('the empty start');
  await noticesWhatIsPlanted(page);

  copyAged(photo('chelsea.png'), path.join(folder, `a ${long}`));
  copyFileSync(fixture('bad', 'truncated.jpg'), path.join(folder, `b ${long}`));
  await choose(
    [path.join(folder, `a ${long}`), path.join(folder, `b ${long}`), photo('coffee.png')],
    'Choose photos',
  );
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
  await expect(page.getByRole('option', { name: 'espresso' })).toBeVisible();
  await look('a photo beside one that was not read');
  await page.getByRole('button', { name: /Where this came from/u }).click();
  await verifyBesideOrigin(page);
  await look('where it came from');
  await page.getByRole('button', { name: /Where this came from/u }).click();
  await page.keyboard.press('ArrowRight');
  await look('a photo that was not read', /Datei endet nach 45\.010 Byte/u);

  const card = path.join(folder, 'Season card of the northern ridge, October and November 2026');
  writePhotos(card, 12);
  writeBadPhotos(card);
  copyAged(photo('chelsea.png'), path.join(card, `a ${long}`));
  copyFileSync(fixture('bad', 'truncated.jpg'), path.join(card, `b ${long}`));
  await choose([card], 'Run a folder');
  await expect(page.getByText(/Every answer is kept/u)).toBeVisible({ timeout: 60_000 });
  await look('a run');
  await runList(page).press('Enter');
  await expect(page.locator('.photo img')).toBeVisible();
  await look('a photo of a run');
  await page.keyboard.press('Escape');
  await page.getByText('Unsure', { exact: false }).first().click();
  await expect(page.getByText('the first label has less than')).toBeVisible();
  await look('what a run is unsure of');
  await page.getByText('Not read', { exact: false }).first().click();
  await look('what a run could not read');
  await runList(page).press('Enter');
  await expect(page.locator('.well')).toBeVisible();
  await look('a file that a run could not read');

  const office = await openOffice(path.join(folder, 'office'));
  await office.publish('1.1.0', 'Cats are told apart anew.', { 'labels.json': swapped('tiger cat', 'lynx') });
  await value(page, 'settings.set', { feed: office.feed });
  await go('Settings');
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('feed-untrusted')).toBeVisible();
  await look('settings with a fault', /Kein Herausgeber, dem dieser Rechner vertraut/u);
  await answerDialog(app, [office.rootFile]);
  await page.getByRole('button', { name: 'Add a publisher' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('Northfield');
  await look('whom to trust');
  await page.getByRole('dialog').getByRole('button', { name: 'Trust' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('1 version offered')).toBeVisible();
  await look('settings');

  await go('Models');
  await expect(page.getByRole('button', { name: 'Get and try' })).toBeVisible();
  await look('models');
  await page.getByRole('button', { name: 'Add a model' }).click();
  await look('ways to add a model');
  await page.keyboard.press('Escape');
  await lookAtImports();
  await page.getByRole('button', { name: 'Get and try' }).click();
  await page.getByRole('button', { name: 'Show the trial' }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: /^1: tiger cat, /u }).click();
  await look('a trial');
  await go('Models');
  await page.getByRole('button', { name: 'More for 1.1.0' }).click();
  await look('the menu of a version');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Departure check' }).click();
  await expect(page.getByRole('heading', { name: /Ready to leave|to do first/u })).toBeVisible({
    timeout: 60_000,
  });
  await look('the check before leaving');

  await go('API');
  await page.getByRole('switch').first().press('Space');
  await expect(page.getByRole('contentinfo').getByText(/Answering on|Not answering/u)).toBeVisible();
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('textbox', { name: 'Program' })
    .fill('Notebook of the laboratory for wildlife ecology');
  await dialog.getByRole('radio', { name: /Every model/u }).check();
  await look('the wish for a token');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const token = await dialog.getByLabel('Token', { exact: true }).textContent();
  await look('a token');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toHaveCount(0);
  const state = (await value(page, 'access.report')).state;
  const address = state.kind === 'on' ? state.address : '';
  for (const where of ['/v2/models/efficientnet-lite0/versions/1.0.0/infer', '/metrics', '/v2/health/ready'])
    await fetch(`${address}${where}`, { headers: { authorization: `Bearer ${token ?? ''}` } });
  await expect(page.getByText('/metrics').first()).toBeVisible();
  await look('the API');
  const askedBy = page.getByRole('row', { name: /\/metrics/u }).locator('.api-by');
  expect(await askedBy.evaluate(isWhole)).toBe(true);
  const stop = new AbortController();
  const asking = fetch(`${address}/access`, {
    method: 'POST',
    body: JSON.stringify({ program: 'Plug-in for maps of the northern ridge and its valleys' }),
    signal: stop.signal,
  }).catch(() => null);
  await expect(page.getByRole('dialog')).toContainText('Plug-in for maps');
  await look('a program that asks for leave');
  stop.abort();
  await asking;
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('the keys');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await go('Monitor');
  await expect(page.getByRole('img')).toHaveCount(4);
  await look('the monitor');
  await page
    .getByRole('button', { name: /as a table$/u })
    .first()
    .press('Enter');
  await look('the monitor with a table');
  expect(found).toEqual([]);
});

/* Runs in the page. */
function isWhole(cell: Element): boolean {
  return [cell, ...cell.querySelectorAll('*')].every((one) => one.scrollWidth <= one.clientWidth);
}

/** What measures is measured: each kind of fault is found where it was put. */
async function noticesWhatIsPlanted(page: Page): Promise<void> {
  expect(await faultsOfLayout(page)).toEqual([]);
  await page.evaluate(() => {
    const button = document.querySelector('.drop-area .button.primary')!;
    const over = button.cloneNode(true) as HTMLElement;
    over.id = 'planted';
    over.style.cssText = 'position: absolute; left: -20px; top: -20px;';
    (button as HTMLElement).style.position = 'relative';
    button.after(over);
    const { left, top } = button.getBoundingClientRect();
    const rect = over.getBoundingClientRect();
    over.style.left = `${left - rect.left - 10}px`;
    over.style.top = `${top - rect.top - 10}px`;
    const cut = document.createElement('p');
    cut.className = 'planted';
    cut.textContent = 'Words that nobody can read to their end';
    cut.style.cssText = 'width: 60px; overflow: hidden; white-space: nowrap;';
    const away = document.createElement('p');
    away.className = 'planted';
    away.textContent = 'Away';
    away.style.cssText = 'position: fixed; left: 0; top: calc(100vh - 4px);';
    document.querySelector('.head')!.append(cut, away);
  });
  const found = (await faultsOfLayout(page)).join('\n');
  await page.evaluate(() => document.querySelectorAll('#planted, .planted').forEach((one) => one.remove()));
  expect(found).toMatch(/on one another: button "Choose photos" and button "Choose photos"/u);
  expect(found).toMatch(/written over each other: "Choose photos" and "Choose photos"/u);
  expect(found).toMatch(/cut without a sign: "Words that nobody/u);
  expect(found).toMatch(/below the window: "Away"/u);
  expect(await faultsOfLayout(page)).toEqual([]);
}

/** Where a file is that was written a moment ago is not remembered: it may still be changing. */
function copyAged(from: string, to: string): void {
  copyFileSync(from, to);
  const lastYear = new Date(Date.now() - 365 * 24 * 3_600_000);
  utimesSync(to, lastYear, lastYear);
}

/** With the drawer open an answer is judged and the threshold moved as ever, and neither goes away under the hand. */
async function verifyBesideOrigin(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /Where this came from/u })).toBeFocused();
  await expect(page.getByRole('region', { name: 'Where this came from' })).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Threshold' });
  const right = page.getByRole('button', { name: 'Right', exact: true });
  for (const one of [slider, right]) await expect(one).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('r');
  // On to the next one that nobody has judged, past the one that was not read.
  await expect(page.getByRole('listitem').filter({ hasText: 'espresso' })).toBeVisible();
  await page.locator('.strip-item').first().click();
  await expect(page.getByText('tiger cat is confirmed')).toBeVisible();
  await page.keyboard.press('n');
  await expect(
    page.getByRole('listbox', { name: 'The right label is' }).getByRole('option', { name: /Egyptian cat/u }),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Take back' }).click();
  const before = await slider.boundingBox();
  await slider.press('Home');
  await expect(page.getByText('20 or more of 1,000 above the threshold')).toBeVisible();
  await expect(slider).toBeInViewport({ ratio: 1 });
  expect((await slider.boundingBox())?.y).toBe(before?.y);
  for (const one of [slider, right]) await expect(one).toBeInViewport({ ratio: 1 });
  for (let at = 0; at < 10; at += 1) await slider.press('ArrowRight');
}
