// Pictures of the API and Monitor pages: their window is opened on a store with a week of use.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtSource } from '../bench/bundle.mjs';
import { root } from '../setup/paths.mjs';
import { fixtures } from './window.mjs';

const button = (page, name) => page.getByRole('button', { name });
const go = (page, name) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click();
const photo = (name) => readFileSync(path.join(fixtures, 'photos', name));

/** A store as a week of use leaves it. */
export async function seedWeek(data) {
  const { main } = await import(pathToFileURL(path.join(root, 'out', 'main', 'cli.js')).href);
  await main(['cache', 'stats', '--quiet', '--json', '--data', data]);
  const { seedSeries } = await import(pathToFileURL(await builtSource('test/fixtures/seed-series.ts')).href);
  seedSeries(data, Date.now());
}

async function token(page, name, { isAll }) {
  await button(page, 'New token').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Program' }).fill(name);
  if (isAll) await dialog.getByRole('radio', { name: /Every model/u }).check();
  await button(dialog, 'Make the token').click();
  const text = await dialog.getByLabel('Token', { exact: true }).textContent();
  // The token is shown once, so the dialog closes only after it was copied.
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await button(dialog, 'Done').click();
  await dialog.waitFor({ state: 'hidden' });
  return text ?? '';
}

export const servingScreens = {
  'api-off': async ({ page }) => {
    await go(page, 'API');
    await page.getByRole('switch', { name: /Answer other programs/u }).waitFor();
  },
  api: async ({ page }) => {
    await page.getByRole('switch', { name: /Answer other programs/u }).press('Space');
    await page
      .getByText(/Answering on/u)
      .first()
      .waitFor({ timeout: 60_000 });
    const lab = await token(page, 'Lab notebook', { isAll: true });
    const map = await token(page, 'Map plug-in', { isAll: true });
    const url = 'http://127.0.0.1:8501';
    const ask = (where, given, init = {}) =>
      fetch(`${url}${where}`, {
        ...init,
        headers: { authorization: `Bearer ${given}`, ...init.headers },
      }).then((answer) => answer.text());
    const tensor = (data) => ({
      method: 'POST',
      body: JSON.stringify({
        inputs: [
          { name: 'a', shape: [1, 3], datatype: 'FP32', data },
          { name: 'b', shape: [1, 3], datatype: 'FP32', data: [1, 1, 1] },
          { name: 'count', shape: [1], datatype: 'INT64', data: [1] },
        ],
      }),
    });
    await ask('/metrics', 'outpost_not-one-of-ours');
    await ask('/v2/health/ready', map);
    await ask('/v2/models/tensor-demo/infer', map, tensor([1, 2]));
    await ask('/v2/models/tensor-demo/infer', map, tensor([1, 2, 3]));
    for (const name of ['chelsea.png', 'coffee.png', 'rocket.jpg'])
      await ask('/predict', lab, { method: 'POST', body: photo(name) });
    await ask('/predict?top=1', lab, { method: 'POST', body: photo('chelsea.png') });
    await page.waitForTimeout(800);
  },
  'api-consent': async ({ page }) => {
    const asking = fetch('http://127.0.0.1:8501/access', {
      method: 'POST',
      body: JSON.stringify({ program: 'R script', models: ['efficientnet-lite0'] }),
    });
    await page.getByRole('dialog').waitFor();
    asking.catch(() => undefined);
  },
  monitor: async ({ page }) => {
    await button(page, 'Refuse').last().click();
    await go(page, 'Monitor');
    await page.waitForTimeout(1500);
  },
};
