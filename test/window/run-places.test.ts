import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { noBarriersInAnyTheme } from './barriers.ts';
import { value } from './bridge.ts';
import { exportDialog, writeCsv } from './export-dialog.ts';
import { writeBadPhotos, writeTaken } from './photos.ts';
import { answerDialog, answerSave, expect, oneProgram, test } from './program.ts';
import { runList, runRows } from './screen.ts';

/** Two cameras in two folders, three days, and a file that says nothing. */
function writeSeason(folder: string): string {
  const season = path.join(folder, 'Season');
  for (const [at, day] of ['01', '02', '03'].entries())
    writeTaken(path.join(season, 'north'), {
      name: `N${at}.JPG`,
      serial: 'SN-77',
      at: `2026:05:${day} 08:00:00`,
    });
  writeTaken(path.join(season, 'south'), { name: 'S0.JPG', serial: 'SN-78', at: '2026:05:02 23:30:00' });
  writeTaken(path.join(season, 'south'), { name: 'S1.JPG', serial: 'SN-78', at: '2026:05:03 04:00:00' });
  writeBadPhotos(season);
  return season;
}

async function answerSeason({ app, page }: { app: ElectronApplication; page: Page }, folder: string) {
  await answerDialog(app, [writeSeason(folder)]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(page.getByText('Done. Every answer is kept.')).toBeVisible({ timeout: 90_000 });
}

const filter = (page: Page) => page.getByRole('dialog', { name: 'Filter' });
const places = (page: Page) => page.getByRole('dialog', { name: 'Sites and clocks of the run' });
const names = async (page: Page): Promise<readonly string[]> =>
  (await runRows(page).locator('.run-name').allInnerTexts()).map((name) => name.replace(/\s/gu, ''));
async function choose(page: Page, facet: string, option: RegExp): Promise<void> {
  await filter(page).getByRole('combobox', { name: facet }).click();
  await filter(page).getByRole('option', { name: option }).click();
}

const outpost = oneProgram();

test('photos of a run are found by camera, site and day, exported so, and each filter goes away by a press', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const { app, page, complaints } = await outpost.loaded();
  await answerSeason({ app, page }, folder);
  await expect(runRows(page)).toHaveCount(9);
  const button = page.getByRole('button', { name: 'Filter', exact: true });
  await button.click();

  await test.step('cameras and sites come with counts', async () => {
    await filter(page).getByRole('combobox', { name: 'Camera' }).click();
    await expect(filter(page).getByRole('option')).toHaveText([
      'Any camera',
      'Acme Trail 5, SN-773',
      'Acme Trail 5, SN-782',
    ]);
    await page.keyboard.press('Escape');
    await noBarriersInAnyTheme(page, 'the filter of a run');
    await choose(page, 'Camera', /SN-77/u);
    await page.keyboard.press('Escape');
    await expect(filter(page)).toBeHidden();
    await expect(button).toBeFocused();
    expect(await names(page)).toEqual(['north/N0.JPG', 'north/N1.JPG', 'north/N2.JPG']);
    await expect(page.getByRole('status').filter({ hasText: '3 of 9' })).toBeVisible();
  });

  await test.step('days and a camera together, also in the export', async () => {
    await button.click();
    const [first, last] = await Promise.all(
      ['First day', 'Last day'].map((day) => filter(page).getByLabel(day).boundingBox()),
    );
    expect(first!.y).toBe(last!.y);
    // All of these photos are of one month, which Chromium writes into an empty field that has bounds.
    const field = filter(page).getByLabel('First day');
    await expect(field).not.toHaveAttribute('min');
    await field.focus();
    await expect(field).toHaveAttribute('min', '2026-05-01');
    await filter(page).getByLabel('First day').fill('2026-05-02');
    await filter(page).getByLabel('Last day').fill('2026-05-02');
    await page.keyboard.press('Escape');
    await expect.poll(() => names(page)).toEqual(['north/N1.JPG']);
    await expect(page.getByRole('button', { name: 'Remove: Taken May 2, 2026' })).toBeVisible();
    await noBarriersInAnyTheme(page, 'a filtered run');
    await page.getByRole('button', { name: 'Export…' }).click();
    const dialog = exportDialog(page);
    await dialog.getByRole('switch', { name: 'Only the photos that the list shows' }).press('Space');
    await expect(dialog.getByText('1 photo.')).toBeVisible();
    const lines = await writeCsv({ app, page }, path.join(folder, 'shown.csv'), 1);
    expect(lines).toEqual([expect.stringContaining('N1.JPG')]);
  });

  await test.step('chips go one by one by the keyboard, and Esc takes what is left', async () => {
    await page.getByRole('button', { name: 'Remove: Camera Acme Trail 5, SN-77' }).press('Enter');
    await expect.poll(() => names(page)).toEqual(['north/N1.JPG', 'south/S0.JPG']);
    await runList(page).focus();
    await page.keyboard.press('Escape');
    await expect(runRows(page)).toHaveCount(9);
    await expect(page.getByRole('button', { name: /^Remove:/u })).toHaveCount(0);
  });
  expect(complaints).toEqual([]);
});

test('a format that lacks the places of sites says so and leads to where they are set; then it is written', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const { app, page, complaints } = await outpost.loaded();
  await answerSeason({ app, page }, folder);
  const dialog = exportDialog(page);
  const camtrap = dialog.getByRole('radio', { name: 'Camtrap DP' });
  await page.getByRole('button', { name: 'Export…' }).click();
  await dialog.getByRole('radio', { name: 'Workbook (XLSX)' }).check();

  for (const [site, next] of [
    ['north', '-1.29, 36.82'],
    ['south', '-1.31, 36.8'],
  ] as const)
    await test.step(`the place of ${site} is unknown, and is set`, async () => {
      await expect(camtrap).toBeDisabled();
      await expect(camtrap).toHaveAccessibleDescription(
        `Needs the place of each site; that of ${site} is unknown. Set it here:`,
      );
      await noBarriersInAnyTheme(page, `an export without the place of ${site}`);
      await dialog.getByRole('button', { name: 'Site and clock…' }).press('Enter');
      await expect(dialog).toBeHidden();
      await expect(places(page).getByRole('option', { selected: true })).toContainText(site);
      const place = places(page).getByLabel('Where the site is');
      await place.fill('91, 0');
      await expect(places(page).getByRole('button', { name: 'Set the place' })).toBeDisabled();
      await place.fill(next);
      await noBarriersInAnyTheme(page, `the place of ${site}`);
      await page.keyboard.press('Enter');
      await expect(places(page).getByRole('status')).toContainText(`${site}: the place is ${next}.`);
      await places(page).getByRole('button', { name: 'Done' }).click();
      await expect(dialog.getByRole('radio', { name: 'Workbook (XLSX)' })).toBeChecked();
    });

  await test.step('while places are not told it says where to tell them', async () => {
    await camtrap.check();
    await dialog.getByRole('combobox', { name: 'Places' }).click();
    await page.getByRole('option', { name: 'Not told' }).click();
    await expect(camtrap).toBeDisabled();
    await expect(camtrap).toHaveAccessibleDescription(/Choose another under “Places”/u);
    await expect(dialog.getByRole('button', { name: 'Choose where, and write' })).toBeDisabled();
    await dialog.getByRole('combobox', { name: 'Places' }).click();
    await page.getByRole('option', { name: 'As the photos say' }).click();
    await expect(camtrap).toBeEnabled();
  });

  await test.step('the package has the places', async () => {
    const filePath = path.join(folder, 'package');
    await answerSave(app, filePath);
    await dialog.getByRole('button', { name: 'Choose where, and write' }).click();
    await expect(dialog.getByRole('status')).toContainText('package is written', { timeout: 60_000 });
    const deployments = readFileSync(path.join(filePath, 'deployments.csv'), 'utf8');
    expect(deployments).toContain('north,north,-1.29,36.82');
    expect(deployments).toContain('south,south,-1.31,36.8');
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  await test.step('Undo takes the place back', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(async () => {
        const [run] = await value(page, 'runs.list');
        const folders = await value(page, 'runs.folders', { run: run!.id });
        return folders.find((one) => one.folder === 'south')!.latitude;
      })
      .toBeNull();
  });
  expect(complaints).toEqual([]);
});

test('a camera’s wrong clock is set right by one photo, a site is named, both can be undone, and what the camera said stays', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const { app, page, complaints } = await outpost.loaded();
  await answerSeason({ app, page }, folder);
  const [run] = await value(page, 'runs.list');
  const state = async (name: string) =>
    (await value(page, 'runs.folders', { run: run!.id })).find((one) => one.folder === name)!;

  await test.step('from the photo whose time a person knows', async () => {
    await runRows(page).filter({ hasText: 'S0.JPG' }).dblclick();
    await expect(page.getByRole('button', { name: 'Run a folder' })).toBeVisible();
    await page.getByRole('button', { name: /Where this came from/u }).click();
    const facts = page.getByRole('region', { name: 'What the camera says' });
    await expect(facts).toContainText('2026-05-02 23:30:00');
    await expect(facts).toContainText('south');
    await facts.getByRole('button', { name: 'Site and clock…' }).click();
    await expect(places(page).getByRole('option', { selected: true })).toContainText('south');
    await expect(places(page)).toContainText('The camera said, for S0.JPG');
    await places(page).getByLabel('It was really').fill('2026-05-03T00:50:00');
    await expect(places(page).getByLabel('or move the clock by')).toHaveValue('+1h20m');
    await noBarriersInAnyTheme(page, 'sites and clocks');
    await places(page).getByRole('button', { name: 'Move the clock' }).click();
    await expect(places(page).getByRole('status')).toContainText(
      'south: the clock is moved by +1 hr 20 min.',
    );
    expect(await state('south')).toMatchObject({ shiftS: 4800, firstTaken: '2026-05-03T00:50:00' });
    expect(await state('north')).toMatchObject({ shiftS: 0 });
  });

  await test.step('its site gets a name; nonsense for a clock is refused', async () => {
    await places(page).getByLabel('Site', { exact: true }).fill('Canal, south bank');
    await page.keyboard.press('Enter');
    await expect(places(page).getByRole('status')).toContainText('south: the site is Canal, south bank.');
    expect((await state('south')).site).toBe('Canal, south bank');
    await places(page).getByLabel('or move the clock by').fill('soon');
    await expect(places(page).getByRole('button', { name: 'Move the clock' })).toBeDisabled();
    await page.keyboard.press('Escape');
    await expect(places(page)).toBeHidden();
  });

  await test.step('the photo shows both times, and lists follow the right one', async () => {
    const facts = page.getByRole('region', { name: 'What the camera says' });
    await expect(facts).toContainText('2026-05-03 00:50:00');
    await expect(facts).toContainText('2026-05-02 23:30:00, moved by +1 hr 20 min');
    await expect(facts).toContainText('Canal, south bank');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await filter(page).getByLabel('First day').fill('2026-05-03');
    await page.keyboard.press('Escape');
    await expect.poll(() => names(page)).toEqual(['north/N2.JPG', 'south/S0.JPG', 'south/S1.JPG']);
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
  });

  await test.step('Undo takes each back', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await state('south')).site).toBe('south');
    await page.getByRole('button', { name: 'Site and clock…' }).click();
    await places(page)
      .getByRole('option', { name: /^south/u })
      .click();
    await places(page).getByRole('button', { name: 'As the camera said' }).click();
    await expect.poll(async () => (await state('south')).shiftS).toBe(0);
    await places(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await state('south')).shiftS).toBe(4800);
    await places(page).getByRole('button', { name: 'Done' }).click();
  });
  expect(complaints).toEqual([]);
});
