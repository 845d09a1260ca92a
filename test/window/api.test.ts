import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { expect, oneProgram, samples, test } from './program.ts';

const outpost = oneProgram();
const run = promisify(execFile);
const chelsea = readFileSync(path.join(samples, 'chelsea.png'));

const nav = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name });
const apiSwitch = (page: Page) => page.getByRole('switch', { name: /Answer other programs/u });
const newToken = async (page: Page, name: string): Promise<string> => {
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Program' }).fill(name);
  await dialog.getByRole('radio', { name: /Every model/u }).check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const text = await dialog.getByLabel('Token', { exact: true }).textContent();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  return text ?? '';
};

/** A port that nobody listened on a moment ago. */
async function freePort(): Promise<number> {
  const server = await listen(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const ask = (port: number, token: string | null): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/predict?model=efficientnet-lite0`, {
    method: 'POST',
    headers: {
      'content-type': 'image/png',
      connection: 'close',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: chelsea,
  });

/** API page with the switch on, on a port of its own unless it was on. */
async function switchOn(page: Page): Promise<number> {
  const { state } = await value(page, 'access.report');
  if (state.kind === 'on') {
    await nav(page, 'API').click();
    return state.port;
  }
  const port = await freePort();
  await value(page, 'settings.set', { apiBind: `127.0.0.1:${port}` });
  await nav(page, 'API').click();
  await apiSwitch(page).press('Space');
  await expect(page.getByRole('contentinfo').getByText(`Answering on ${port}`)).toBeVisible();
  return port;
}

test('a program with a token is answered and listed; without one, or revoked, it is not', async () => {
  const first = await outpost.loaded();
  const { page } = first;
  const port = await switchOn(page);
  await expect(page.getByText(`http://127.0.0.1:${port}`, { exact: true })).toBeVisible();

  expect((await ask(port, null)).status).toBe(401);
  const token = await newToken(page, 'Lab notebook');
  expect(token).toMatch(/^outpost_[A-Za-z0-9_-]{43}$/u);
  await expect(page.getByText(token)).toHaveCount(0);

  const answer = await ask(port, token);
  expect(answer.status).toBe(200);
  expect(JSON.stringify(await answer.json())).toContain('tiger cat');
  const requests = page.getByRole('region', { name: 'Last requests' });
  await expect(requests.getByRole('row', { name: /\/predict.*Lab notebook.*200/u })).toBeVisible();
  const refused = requests.getByRole('row', { name: /no token.*401/u });
  await expect(refused).toBeVisible();
  // Opened by hand or by keyboard, it says why and offers what is missing.
  await refused.click();
  const why = requests.getByText('This address answers with a token only.');
  await expect(why).toBeVisible();
  const ends = await requests
    .locator('td:last-child')
    .evaluateAll((cells) => cells.map((one) => Math.round(one.getBoundingClientRect().right)));
  expect(new Set(ends).size).toBe(1);
  await refused.getByRole('button').press('Enter');
  await expect(why).toHaveCount(0);
  const row = page.getByRole('region', { name: 'Tokens' }).getByRole('row', { name: /Lab notebook/u });
  await expect(row).toContainText(`…${token.slice(-4)}`);
  await expect(row).toContainText(/now|\ds ago|\d s ago/u);

  await row.getByRole('button', { name: /Revoke/u }).click();
  await expect(row).toHaveCount(0);
  expect((await ask(port, token)).status).toBe(401);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  expect((await ask(port, token)).status).toBe(200);

  await apiSwitch(page).press('Space');
  await expect(page.getByRole('contentinfo').getByText(/Answering/u)).toHaveCount(0);
  await expect(ask(port, token)).rejects.toThrow();
  expect(first.complaints).toEqual([]);
});

test('the switch and the tokens are there after a restart', async ({ open, folder }) => {
  const before = await open({ data: folder });
  const port = await switchOn(before.page);
  const token = await newToken(before.page, 'R script');
  await before.close();
  const { page } = await open({ data: folder });
  await expect(page.getByRole('contentinfo').getByText(`Answering on ${port}`)).toBeVisible();
  expect((await ask(port, token)).status).toBe(200);
});

test('a program asks for access: the person allows it, or refuses', async () => {
  const { page } = await outpost.loaded();
  const port = await switchOn(page);
  await nav(page, 'Try').click();
  const beg = (program: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/access`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ program, models: ['efficientnet-lite0'] }),
    });
  const dialog = page.getByRole('dialog');

  const allowed = beg('Map <b>plug-in</b>');
  // Its name is text, and what is under the hand at first is to refuse.
  await expect(dialog.getByRole('heading', { name: 'Map <b>plug-in</b> asks for access' })).toBeVisible();
  await expect(dialog.getByText('EfficientNet-Lite0')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Refuse' }).last()).toBeFocused();
  await dialog.getByRole('button', { name: 'Allow' }).click();
  const { token } = (await (await allowed).json()) as { token: string };
  await expect(dialog).toBeHidden();
  expect((await ask(port, token)).status).toBe(200);

  const refused = beg('Old macro');
  await expect(dialog.getByRole('heading', { name: /Old macro/u })).toBeVisible();
  await dialog.getByRole('button', { name: 'Refuse' }).last().click();
  expect((await refused).status).toBe(403);

  await nav(page, 'API').click();
  const tokens = page.getByRole('region', { name: 'Tokens' });
  await expect(tokens.getByRole('row', { name: /Map <b>plug-in<\/b>.*EfficientNet-Lite0/u })).toBeVisible();
  await expect(tokens.getByText('Old macro')).toHaveCount(0);
});

test('a port that is taken is said, with another one to use', async ({ open }) => {
  const { page } = await open();
  const other = await listen(0);
  try {
    const { port } = other.address() as AddressInfo;
    await value(page, 'settings.set', { apiBind: `127.0.0.1:${port}` });
    await nav(page, 'API').click();
    await apiSwitch(page).press('Space');
    const card = page.getByRole('alert', { name: `Port ${port} is taken` });
    await expect(card).toBeVisible();
    await expect(page.getByRole('contentinfo').getByText(`Port ${port} is taken`)).toBeVisible();
    await card.getByRole('button', { name: /^Use \d+$/u }).click();
    await expect(page.getByRole('contentinfo').getByText(/Answering on \d+/u)).toBeVisible();
    const { state } = await value(page, 'access.report');
    if (state.kind !== 'on') throw new Error(state.kind);
    expect(state.port).not.toBe(port);
    expect((await ask(state.port, null)).status).toBe(401);
  } finally {
    other.close();
  }
});

test('a new token is not lost, and a refused program is helped to another', async () => {
  const { app, page } = await outpost.loaded();
  const port = await switchOn(page);
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  const make = dialog.getByRole('button', { name: 'Make the token' });
  const box = (name: string) => dialog.getByRole('checkbox', { name });
  // The model in use is ticked; what is missing is said.
  await expect(box('EfficientNet-Lite0')).toBeChecked();
  await expect(box('Tensor demo')).not.toBeChecked();
  await expect(make).toBeDisabled();
  await expect(make).toHaveAccessibleDescription('Give the program a name.');
  await dialog.getByRole('textbox', { name: 'Program' }).fill('Map plug-in');
  await box('EfficientNet-Lite0').uncheck();
  await expect(make).toHaveAccessibleDescription('Tick a model.');
  await box('Tensor demo').check();
  await make.click();

  const copy = dialog.getByRole('button', { name: 'Copy', exact: true });
  const text = (await dialog.getByLabel('Token', { exact: true }).textContent()) ?? '';
  await expect(copy).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('alert')).toHaveText(/not been copied yet/u);
  await page.mouse.click(5, 300);
  await page.keyboard.press('Escape');
  await expect(dialog.getByLabel('Token', { exact: true })).toHaveText(text);
  await expect(copy).toBeFocused();
  await copy.press('Enter');
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(text);
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  expect((await ask(port, text)).status).toBe(403);
  const requests = page.getByRole('region', { name: 'Last requests' });
  await requests.getByRole('row', { name: /Map plug-in.*403/u }).click();
  await expect(requests).toContainText('Map plug-in may not ask for efficientnet-lite0.');
  await expect(requests).toContainText('Make a new token with this right, and revoke this one.');
  await requests.getByRole('button', { name: 'New token' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Program' })).toHaveValue('Map plug-in');
  await expect(box('EfficientNet-Lite0')).toBeChecked();
  await expect(box('Tensor demo')).not.toBeChecked();
  await make.click();
  await expect(dialog.getByLabel('Token', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Close without it' }).click();
  await expect(dialog).toBeHidden();
});

/** Programs that run an example, by the name of its tab. */
const runners = [
  ['curl', 'bash -c "$CODE"'],
  ['Python', 'python3 -c "$CODE"'],
  ['JavaScript', `'${process.execPath}' --input-type=module -e "$CODE"`],
] as const;

test('the examples run as they stand, in a terminal that got the line of the token', async ({ folder }) => {
  const { app, page } = await outpost.loaded();
  await switchOn(page);
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Program' }).fill('Examples');
  await dialog.getByRole('radio', { name: /Every model/u }).check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await dialog.getByRole('button', { name: 'Copy for a terminal' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const line = await app.evaluate(({ clipboard }) => clipboard.readText());
  for (const model of ['EfficientNet-Lite0', 'Tensor demo']) {
    await page.getByRole('combobox', { name: 'Model of the examples' }).click();
    await page.getByRole('option', { name: model }).click();
    for (const [tab, program] of runners) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      const codes = await page.getByRole('tabpanel').locator('pre').allInnerTexts();
      expect(codes).toHaveLength(model === 'Tensor demo' ? 1 : 2);
      for (const code of codes) {
        const { stdout } = await run('bash', ['-c', `${line}\n${program}`], {
          cwd: folder,
          env: { ...process.env, CODE: code },
          maxBuffer: 64 * 1024 ** 2,
        });
        expect(stdout, `${tab}: ${code}`).toMatch(/tiger cat|["']?outputs["']?:/u);
      }
    }
  }
});

test('the page and its dialogs can be used by everybody, in every look', async ({ open }) => {
  const { page } = await open();
  const check = (screen: string): Promise<void> => noBarriers(page, screen);
  await nav(page, 'API').click();
  await expect(page.getByText('Requests are listed here')).toBeVisible();
  await check('off and empty');
  const port = await switchOn(page);
  await newToken(page, 'Lab notebook of the field station at the northern lake, copy');
  await ask(port, null);
  await expect(page.getByRole('row', { name: /no token.*401/u })).toBeVisible();
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    await value(page, 'settings.set', { theme });
    await check(`on, ${theme}`);
    await page.getByRole('button', { name: 'New token' }).click();
    await check(`new token, ${theme}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    const stop = new AbortController();
    const asking = fetch(`http://127.0.0.1:${port}/access`, {
      method: 'POST',
      body: JSON.stringify({ program: 'Map plug-in' }),
      signal: stop.signal,
    }).catch(() => null);
    await expect(page.getByRole('dialog')).toBeVisible();
    await check(`consent, ${theme}`);
    // The program hangs up: nobody is asked any more.
    stop.abort();
    await asking;
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});
