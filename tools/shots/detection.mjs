// Finding things on photos: one photo with its boxes, and the card of a camera trap.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/paths.mjs';
import { choose, fixtures } from './window.mjs';

const own = path.join(root, 'models', 'camera-triage', 'samples');
const setModel = (page, model) =>
  page.evaluate((chosen) => window.outpost.calls['settings.set']({ model: chosen }), model);
const inUse = (page, title) => page.getByRole('button', { name: /^Model in use/ }).filter({ hasText: title });

export const detectionScreens = {
  'try-detection': async (shot) => {
    const { page } = shot;
    await setModel(page, 'camera-triage');
    await inUse(page, 'Camera triage').waitFor();
    await choose(
      shot,
      ['raccoon.jpg', 'grace_hopper.jpg', 'sheet.jpg'].map((name) => path.join(own, name)),
      'Choose photos',
    );
    await page.locator('.box').first().waitFor({ timeout: 60_000 });
    await page.getByRole('listbox', { name: 'Photos' }).getByRole('option').nth(2).click();
    await page.locator('.box').nth(2).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
  },
  'try-detection-folder': async (shot) => {
    const { page } = shot;
    await choose(shot, [writeCard(path.join(path.dirname(shot.folder), 'Ridge camera 07'))], 'Run a folder');
    await page.getByText(/Every answer is kept/).waitFor({ timeout: 120_000 });
    await page.waitForTimeout(600);
  },
};

/** What follows is about the model that answers by default. */
export const leaveDetection = async ({ page }) => {
  await setModel(page, 'efficientnet-lite0');
  await inUse(page, 'EfficientNet-Lite0').waitFor();
};

/** A card as a camera trap fills it: most photos show nothing, and all files are different. */
export function writeCard(folder, mark = '') {
  mkdirSync(folder, { recursive: true });
  const found = readdirSync(own).filter((name) => name.endsWith('.jpg'));
  const empty = ['grass.png', 'gravel.png', 'brick.png', 'rocket.jpg'];
  for (let at = 0; at < 36; at += 1) {
    const from =
      at % 4 === 1
        ? path.join(own, found[at % found.length])
        : path.join(fixtures, 'photos', empty[at % empty.length]);
    const to = path.join(folder, `IMG_${String(at + 1).padStart(4, '0')}${path.extname(from)}`);
    writeFileSync(to, Buffer.concat([readFileSync(from), Buffer.from(`${mark}${at}`)]));
  }
  copyFileSync(path.join(fixtures, 'bad', 'truncated.jpg'), path.join(folder, 'IMG_0037.jpg'));
  return folder;
}
