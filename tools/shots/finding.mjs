// Finding things on photos, from the start with its two questions on: a walked box, a photo without anything.
import path from 'node:path';
import { root } from '../setup/paths.mjs';
import { choose, fixtures } from './window.mjs';

const own = (name) => path.join(root, 'models', 'camera-triage', 'samples', name);

export const findingScreens = {
  'finding-start': async ({ page }) => {
    await page.getByRole('navigation').getByRole('button', { name: 'Try', exact: true }).click();
    const clear = page.getByRole('button', { name: 'Clear' });
    if (await clear.isVisible()) await clear.click();
    await page.getByRole('button', { name: 'Find animals, people, vehicles' }).click();
    await page.locator('.sample-card img').nth(2).waitFor();
  },
  'finding-walked': async (shot) => {
    // A photo that this model has not seen loads it: its time is not the one that the picture shows.
    await choose(shot, [path.join(fixtures, 'photos', 'rocket.jpg')], 'Choose photos');
    await shot.page.getByRole('heading', { name: /^Nothing above/ }).waitFor({ timeout: 60_000 });
    await shot.page.getByRole('button', { name: 'Clear' }).click();
    const photos = [own('sheet.jpg'), own('raccoon.jpg'), path.join(fixtures, 'photos', 'coffee.png')];
    await choose(shot, photos, 'Choose photos');
    await shot.page.locator('.box').nth(1).waitFor({ timeout: 60_000 });
    await shot.page.keyboard.press('ArrowDown');
    await shot.page.waitForTimeout(1500);
  },
  'finding-nothing': async ({ page }) => {
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: /^Nothing above/ }).waitFor();
  },
};
