// The screens of a model's life, in an order in which one leads to the next.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { answerDialog, choose, fixtures } from './window.mjs';

const button = (page, name) => page.getByRole('button', { name });
const go = (page, name) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click();

const photos = ['chelsea.png', 'coffee.png', 'rocket.jpg'].map((name) => path.join(fixtures, 'photos', name));

/** What a person would say of the photos of the season's folder, by what the file shows. */
const truths = [
  ['chelsea', ['tiger cat', 'tiger cat', 'lynx']],
  ['coffee', ['espresso']],
  ['camera', ['tripod']],
  ['rocket', ['projectile', 'projectile', 'missile']],
  ['clock', ['wall clock']],
  ['brick', ['maze', 'window screen', 'window screen']],
];

const photosOf = (folder) =>
  readdirSync(folder)
    .filter((name) => truths.some(([part]) => name.includes(part)))
    .slice(-60)
    .map((name) => path.join(folder, name));

export const lifecycleScreens = {
  'try-confirmed': async (shot) => {
    await shot.page.keyboard.press('Escape');
    await go(shot.page, 'Try');
    await answerDialog(shot, photosOf(shot.folder));
    await shot.page.evaluate(confirmChosen, truths);
    await choose(shot, photos, 'Choose photos');
    await shot.page.getByText('tiger cat').first().waitFor({ timeout: 60_000 });
    await button(shot.page, 'Right').click();
    // The next photo that nobody has looked at comes up by itself.
    await shot.page.getByText('Z takes it back').first().waitFor();
  },
  'settings-updates': async (shot) => {
    const { page, office } = shot;
    await page.evaluate((feed) => window.outpost.calls['settings.set']({ feed }), office.feed);
    await go(page, 'Settings');
    await button(page, 'Model updates').click();
    await choose(shot, [office.root], 'Add a publisher');
    await page.getByRole('dialog').getByRole('button', { name: 'Trust' }).click();
    await button(page, 'Check now').click();
    await page.getByText('1 version offered').waitFor({ timeout: 60_000 });
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  },
  'models-offered': async ({ page }) => {
    await go(page, 'Models');
    await button(page, 'Get and try').waitFor();
  },
  'models-changes': async ({ page }) => {
    await button(page, 'What changes').click();
  },
  'models-import': async (shot) => {
    await button(shot.page, 'What changes').click();
    await button(shot.page, 'Add a model').click();
    await answerDialog(shot, [shot.office.bundle]);
    await shot.page.getByRole('menuitem', { name: /file/ }).click();
    await shot.page.getByRole('dialog').waitFor({ timeout: 60_000 });
  },
  'models-trial': async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await button(page, 'Get and try').click();
    await button(page, 'Show the trial').click({ timeout: 120_000 });
    await button(page, /tiger cat, Worse/).click();
    await page.locator('.trial-items img').first().waitFor();
  },
  'models-rolled-back': async ({ page }) => {
    await button(page, 'Switch to 1.1.0').click();
    await button(page, 'Roll back').click({ timeout: 60_000 });
    await page.getByText('Taken back on this computer', { exact: true }).waitFor({ timeout: 60_000 });
  },
  departure: async ({ page }) => {
    await button(page, 'Departure check').click();
    await page.getByText(/Ready to leave|to do first/).waitFor({ timeout: 120_000 });
  },
};

/** Runs in the page: says which label is right for the photos that the dialog gives, as a person would one by one. */
async function confirmChosen(of) {
  const { calls } = window.outpost;
  const value = async (name, input) => {
    const outcome = await calls[name](input);
    if (!outcome.ok) throw new Error(`${name}: ${outcome.fault.message}`);
    return outcome.value;
  };
  const model = 'efficientnet-lite0';
  const seen = new Map();
  for (const { ref, name } of (await value('files.choose', { kind: 'photos' })).files) {
    const [key, labels] = of.find(([part]) => name.includes(part));
    const at = seen.get(key) ?? 0;
    seen.set(key, at + 1);
    const { digest, result } = await value('predict.one', { ref, model, request: ref });
    const label = result.predictions.find((one) => one.label === labels[at % labels.length]);
    await value('answers.confirm', { ref, digest, model, label: { id: label.id, name: label.label } });
  }
}
