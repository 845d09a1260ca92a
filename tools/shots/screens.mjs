// How to reach each screen and state, in an order in which one leads to the next.
import path from 'node:path';
import { cardScreens } from './cards.mjs';
import { detectionScreens, leaveDetection } from './detection.mjs';
import { findingScreens } from './finding.mjs';
import { lifecycleScreens } from './lifecycle.mjs';
import { leaveForm, makeScreens } from './make.mjs';
import { leavePlaces, placeScreens } from './places.mjs';
import { leaveRuns, runScreens, runsEmpty } from './runs.mjs';
import { choose, fixtures } from './window.mjs';

const button = (page, name) => page.getByRole('button', { name });
const go = (page, name) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
const threshold = (page) => page.getByRole('slider', { name: 'Threshold' });
const photos = (...names) => names.map((name) => path.join(fixtures, 'photos', name));

export const screens = {
  'try-empty': async ({ page }) => {
    await page.locator('.sample-card img').nth(4).waitFor();
    await page.waitForTimeout(600);
  },
  ...runsEmpty,
  'try-one': async (shot) => {
    await leaveRuns(shot);
    const names = [
      'chelsea.png',
      'coffee.png',
      'rocket.jpg',
      'camera.png',
      'retina.jpg',
      'brick.png',
      'hubble_deep_field.jpg',
      'gravel.png',
      'astronaut.png',
    ];
    // The first answer after the start waits for the model, which is not what the picture is about.
    await choose(shot, photos('grass.png'), 'Choose photos');
    await shot.page.getByText('above the threshold').first().waitFor({ timeout: 60_000 });
    await choose(shot, photos(...names), 'Choose photos');
    await shot.page.getByText('tiger cat').first().waitFor({ timeout: 60_000 });
    await shot.page.waitForTimeout(2500);
  },
  'try-threshold': async ({ page }) => {
    await threshold(page).focus();
    for (let at = 0; at < 15; at += 1) await page.keyboard.press('ArrowRight');
  },
  'try-origin': async ({ page }) => {
    for (let at = 0; at < 15; at += 1) await page.keyboard.press('ArrowLeft');
    const line = button(page, /Where this came from/);
    if (await line.isVisible()) await line.click();
  },
  'try-unread': async (shot) => {
    await choose(
      shot,
      [...photos('chelsea.png'), path.join(fixtures, 'bad', 'truncated.jpg')],
      'Choose photos',
    );
    await shot.page.getByText('truncated.jpg could not be read').first().waitFor({ timeout: 60_000 });
    await shot.page.waitForTimeout(800);
  },
  keys: async ({ page }) => {
    const line = button(page, /Where this came from/);
    if (await line.isVisible()) await line.click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  },
  'try-folder': async (shot) => {
    await shot.page.keyboard.press('Escape');
    await shot.page.getByRole('dialog').waitFor({ state: 'hidden' });
    await choose(shot, [shot.folder], 'Run a folder');
    await shot.page.locator('.run-row .thumbnail img').nth(10).waitFor({ timeout: 60_000 });
    await shot.page.waitForTimeout(7000);
    await shot.page.keyboard.press('ArrowDown');
  },
  'try-folder-photo': async ({ page }) => {
    await page.keyboard.press('Enter');
    await page.waitForTimeout(800);
  },
  'try-folder-unread': async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByText('Not read', { exact: false }).first().click();
    await page.waitForTimeout(800);
  },
  'try-folder-stopped': async ({ page }) => {
    await page.getByText('All', { exact: false }).first().click();
    const stop = button(page, 'Stop and keep');
    if (await stop.isVisible()) await stop.click();
    await page.getByText(/Every answer is kept|What was answered is kept/).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(600);
  },
  ...detectionScreens,
  ...runScreens,
  ...cardScreens,
  ...placeScreens,
  models: async (shot) => {
    const { page } = shot;
    await leavePlaces(shot);
    await leaveRuns(shot);
    await leaveDetection(shot);
    await go(page, 'Models');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText(/Largest:/).waitFor({ timeout: 120_000 });
    await button(page, 'Verify').click();
    await page.getByText(/Verified in/).waitFor({ timeout: 60_000 });
  },
  ...makeScreens,
  settings: async (shot) => {
    const { page } = shot;
    await leaveForm(shot);
    await go(page, 'Settings');
    await page.waitForTimeout(500);
  },
  'settings-about': async ({ page }) => {
    await page
      .getByRole('navigation', { name: 'Groups of settings' })
      .getByRole('button', { name: 'About' })
      .click();
  },
  'settings-clear': async ({ page }) => {
    await button(page, 'Clear').click();
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(200);
  },
  ...lifecycleScreens,
  // Behind all others, since it changes the model in use.
  ...findingScreens,
};
