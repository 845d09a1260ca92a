// A run of several cameras: filtered, its sites and clocks, its photos reviewed, and its export.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/paths.mjs';
import { choose, fixtures } from './window.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const filter = (page) => page.getByRole('dialog', { name: 'Filter' });
const exports = (page) => page.getByRole('dialog', { name: 'Export the run' });
const places = (page) => page.getByRole('dialog', { name: 'Sites and clocks of the run' });

export const placeScreens = {
  'run-filter': async (shot) => {
    const { page } = shot;
    await page.getByRole('navigation').getByRole('button', { name: 'Try', exact: true }).click();
    await choose(
      shot,
      [writeSeason(path.join(path.dirname(shot.folder), 'Season 2021'))],
      /(?:Run|Choose) a folder/,
    );
    await page.getByText(/Every answer is kept/).waitFor({ timeout: 120_000 });
    await button(page, 'Filter').click();
    await filter(page).getByRole('combobox', { name: 'Camera' }).waitFor();
    await page.waitForTimeout(400);
  },
  'run-filtered': async ({ page }) => {
    await filter(page).getByRole('combobox', { name: 'Site' }).click();
    await filter(page)
      .getByRole('option', { name: /^Canal/ })
      .click();
    await filter(page).getByLabel('First day').fill('2021-04-11');
    await page.keyboard.press('Escape');
    await button(page, 'Show all').waitFor();
    await page.waitForTimeout(400);
  },
  'run-clock': async ({ page }) => {
    await button(page, 'Show all').click();
    await button(page, 'Site and clock…').click();
    await places(page)
      .getByRole('option', { name: /^Canal/ })
      .click();
    await places(page).getByLabel('or move the clock by').fill('+1h20m');
    await button(page, 'Move the clock').click();
    await places(page).getByRole('status').getByText('Undo').waitFor();
    await page.waitForTimeout(400);
  },
  'run-review': async (shot) => {
    const { page } = shot;
    await leavePlaces(shot);
    await page.getByRole('button', { name: /^Review \d+ photos$/ }).click();
    await page.locator('.photo img').first().waitFor();
    await page.waitForTimeout(800);
  },
  'run-selected': async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    for (let rows = 0; rows < 4; rows += 1) await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('5 photos selected').first().waitFor();
    await page.keyboard.press('n');
    await page.getByRole('option').first().waitFor();
    await page.waitForTimeout(400);
  },
  'run-export': async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Escape');
    await button(page, 'Export…').click();
    await exports(page).getByRole('table').waitFor();
    await page.waitForTimeout(400);
  },
};

/** Closes the dialogs, and leaves the run. */
export async function leavePlaces({ page }) {
  for (const [dialog, name] of [
    [places(page), 'Done'],
    [exports(page), 'Cancel'],
  ]) {
    const leave = dialog.getByRole('button', { name });
    if (await leave.isVisible()) await leave.click();
  }
}

/** Three folders, of which one says which camera took its photos. */
function writeSeason(season) {
  const exif = readFileSync(path.join(fixtures, 'camera', 'reconyx-hyperfire2.exif'));
  const head = Buffer.of(0xff, 0xe1, 0, 0);
  head.writeUInt16BE(exif.byteLength + 2, 2);
  const own = path.join(root, 'models', 'camera-triage', 'samples');
  const sites = {
    'North ridge': ['raccoon.jpg', 'sheet.jpg'],
    'Canal, south bank': ['raccoon.jpg', 'grace_hopper.jpg', 'sheet.jpg'],
    Waterhole: ['grace_hopper.jpg'],
  };
  for (const [site, names] of Object.entries(sites)) {
    mkdirSync(path.join(season, site), { recursive: true });
    for (const [at, name] of [...names, ...names].entries()) {
      const photo = readFileSync(path.join(own, name));
      const bytes = site === 'North ridge' ? [photo] : [photo.subarray(0, 2), head, exif, photo.subarray(2)];
      writeFileSync(
        path.join(season, site, `IMG_${String(at + 1).padStart(4, '0')}.JPG`),
        Buffer.concat([...bytes, Buffer.from(`${site} ${at}`)]),
      );
    }
  }
  return season;
}
