import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { makeVersion, spoiledGolden } from '../fixtures/versions.ts';
import { noBarriers } from './barriers.ts';
import { ask, value } from './bridge.ts';
import { dropFiles } from './launch.ts';
import { openOffice, swapped } from './office.ts';
import type { Office } from './office.ts';
import { answerDialog, answerSave, expect, oneProgram, test } from './program.ts';

const outpost = oneProgram({ files: ['outpost://models/tensor-demo'] });

test('a link shows its model and does nothing else; one to an unknown model says so', async () => {
  const { app, page, complaints } = await outpost.loaded();
  await expect(page.getByRole('heading', { name: 'Tensor demo' })).toBeVisible();
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.send('outpost:event', {
      kind: 'model-opened',
      model: 'nothing-here',
    }),
  );
  await expect(page.getByRole('alert')).toContainText('There is no model nothing-here.');
  await expect(
    page.locator('.model-detail').getByRole('heading', { name: 'EfficientNet-Lite0' }),
  ).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a person’s word on an answer is kept, counted and taken back', async () => {
  const { page } = await outpost.loaded();
  await page.getByRole('button', { name: /chelsea\.png/u }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
  // The next to review is one that has an answer.
  await expect(page.getByRole('option', { name: /espresso/u })).toBeVisible();
  await page.keyboard.press('r');
  await expect(page.getByRole('contentinfo')).toContainText('chelsea.png: tiger cat. Z takes it back.');
  // The next sample is shown: back to the one that was judged.
  await page.getByRole('option', { name: /tiger cat/u }).click();
  await expect(page.getByText('tiger cat is confirmed')).toBeVisible();
  await page.keyboard.press('n');
  const labels = page.getByRole('listbox', { name: 'The right label is' }).getByRole('option');
  await labels.filter({ hasText: 'Egyptian cat' }).click();
  await expect(page.getByText('Egyptian cat is confirmed')).toBeVisible();
  // A label that is not among the first that the model says, typed before the list had time to open.
  await page.evaluate(async () => {
    for (const key of ['n', 't', 'e', 'n', 'c', 'h']) {
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      );
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
  });
  await expect(page.getByRole('combobox', { name: 'Search in the labels' })).toHaveValue('tench');
  await labels.click();
  await expect(page.getByText('tench is confirmed')).toBeVisible();
  await noBarriers(page, 'a confirmed label');
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('button', { name: 'Right', exact: true })).toBeVisible();
});

test('a pack that nobody signed says so, and leads to the setting', async ({ folder }) => {
  const pack = makeVersion(path.join(folder, '1.1.0'), { id: 'efficientnet-lite0', version: '1.1.0' });
  const { app, page } = await outpost.loaded();
  await goTo(page, 'Models');
  await answerDialog(app, [pack]);
  await page.getByRole('button', { name: 'Add a model' }).click();
  await noBarriers(page, 'the menu of ways to add a model');
  await page.getByRole('menuitem', { name: /folder/u }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('pack-unsigned');
  await noBarriers(page, 'an unsigned pack');
  await dialog.getByRole('button', { name: 'Open this setting' }).click();
  await expect(page.getByText('Unsigned models')).toBeInViewport();
  // By key: the dialog fades away over it, and what is seen of a switch is not its input.
  await expect(dialog).toBeHidden();
  const marked = page.locator('.setting-row.is-marked');
  await expect(marked).toContainText('Unsigned models');
  await expect(page.getByRole('switch', { name: 'Unsigned models' })).toBeFocused();
  await noBarriers(page, 'a setting that was led to');
  await page.keyboard.press('Space');
  await expect.poll(async () => (await value(page, 'settings.get')).allowUnsigned).toBe(true);
  // The file is still chosen: one press, and it can be installed.
  await marked.getByRole('button', { name: `Back to ${path.basename(pack)}` }).click();
  await expect(dialog).toContainText(path.basename(pack));
  await expect(dialog).not.toContainText('pack-unsigned');
  await expect(dialog.getByRole('button', { name: 'Install' })).toBeEnabled();
});

test('the check before leaving is one page, and is saved as a report', async ({ folder }) => {
  test.setTimeout(180_000);
  const { app, page } = await outpost.loaded();
  await goTo(page, 'Models');
  await page.getByRole('button', { name: 'Departure check' }).click();
  await expect(page.getByRole('heading', { name: /Ready to leave|to do first/u })).toBeVisible({
    timeout: 40_000,
  });
  for (const name of ['Models', 'Golden samples', 'Free disk', 'Clock', 'Battery'])
    await expect(page.locator('.departure-lines')).toContainText(name);
  await noBarriers(page, 'the check before leaving');
  const report = path.join(folder, 'report.html');
  await answerSave(app, report);
  await page.getByRole('button', { name: 'Save report' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'report.html is written' })).toHaveCount(1);
  const printed = readFileSync(report, 'utf8').replaceAll('&amp;', '&').replaceAll('&quot;', '"');
  const lines = page.locator('.departure-line');
  expect(await lines.count()).toBe(10);
  for (const line of await lines.all())
    for (const part of await line.locator('.state-word, strong').allTextContents())
      expect(printed).toContain(part);
  expect(printed).toContain(await page.locator('.departure-head').innerText());
  const provider = lines.filter({ hasText: 'Runs on' }).locator('.departure-text');
  expect(printed).toContain(`<td>${await provider.innerText()}</td>`);
});

test('a bundle on the window shows what it would change, and is tried when told', async ({ folder }) => {
  test.setTimeout(120_000);
  const office = await openOffice(folder);
  await office.publish('1.1.0', 'Carried by hand.');
  const bundle = await office.bundle(path.join(folder, 'north.outpost'));
  const { app, page } = await outpost.loaded();
  await trust(page, office, (paths) => answerDialog(app, paths));
  await value(page, 'settings.set', { feed: null });
  await dropFiles(page, [bundle]);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Northfield Forest Office');
  await expect(dialog).toContainText('Carried by hand.');
  await expect(dialog.getByRole('heading', { name: /1\.0\.0.*1\.1\.0/u })).toBeVisible();
  await noBarriers(page, 'a bundle');
  const before = (await value(page, 'lifecycle.list')).find(({ versions }) => versions.length > 1);
  expect(before?.versions.map(({ state }) => state.kind)).toEqual(['offered', 'active']);
  await dialog.getByRole('button', { name: 'Install' }).click();
  await expect(dialog).toBeHidden({ timeout: 40_000 });
  await expect(versionLine(page, '1.1.0')).toContainText('On trial');
  await expect(versionLine(page, '1.1.0')).toContainText('From the bundle north.outpost');
  expect(await answering(page)).toBe('1.0.0');
});

test('a bundle whose dates have passed is shown with them, and waits for consent', async ({ folder }) => {
  test.setTimeout(120_000);
  const longAgo = new Date(Date.now() - 60 * 86_400_000);
  const office = await openOffice(folder, longAgo);
  await office.publish('1.2.0', 'Carried by hand, late.');
  const bundle = path.join(folder, 'late.outpost');
  await office.bundle(bundle);
  const { app, page } = await outpost.loaded();
  await trust(page, office, (paths) => answerDialog(app, paths));
  await value(page, 'settings.set', { feed: null });
  await dropFiles(page, [bundle]);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Carried by hand, late.');
  const install = dialog.getByRole('button', { name: 'Install' });
  await expect(install).toBeDisabled();
  await noBarriers(page, 'an expired bundle');
  await dialog.getByRole('checkbox').check();
  await install.click();
  await expect(versionLine(page, '1.2.0')).toContainText(/On trial|Tried/u, { timeout: 40_000 });
  expect(await answering(page)).toBe('1.0.0');
});

test('a version of a feed is trusted, got, tried, switched to and taken back; one that is wrong is never switched to', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  const office = await openOffice(folder);
  await office.publish('1.1.0', 'Cats are told apart anew.', { 'labels.json': swapped('tiger cat', 'lynx') });
  const { app, page, complaints } = await open();
  await page.getByRole('button', { name: /chelsea\.png/u }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();

  await test.step('the panel says whose feed it is before it is trusted', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Model updates' }).click();
    // A folder that is chosen is asked at once; the card speaks of what stands on it.
    await answerDialog(app, [office.feed]);
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    await expect(page.getByRole('textbox', { name: 'Feed' })).toHaveValue(office.feed);
    const card = page.getByRole('alert', { name: 'The last check gave nothing' });
    await expect(card).toContainText('it names Northfield Forest Office');
    await expect(card).toContainText('then choose Add a publisher.');
    await answerDialog(app, [office.rootFile]);
    await card.getByRole('button', { name: 'Add a publisher' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Northfield Forest Office');
    const groups = (await dialog.locator('.fingerprint > span').allTextContents()).join('');
    expect(groups).toBe(office.fingerprint);
    await noBarriers(page, 'whom to trust');
    await dialog.getByRole('button', { name: 'Trust' }).click();
    await expect(page.locator('.publishers')).toContainText('Northfield Forest Office');
    await expect(page.getByText('1 version offered')).toBeVisible();
    await expect(card).toHaveCount(0);
    await noBarriers(page, 'updates');
  });

  await test.step('the offer says what changes before anything is fetched', async () => {
    await expect(page.getByRole('navigation', { name: 'Places' })).toContainText('1 update');
    await goTo(page, 'Models');
    await expect(page.getByText('Cats are told apart anew.')).toBeVisible();
    await page.getByRole('button', { name: 'What changes' }).click();
    await expect(page.getByText('It is tried on this computer first')).toBeVisible();
    await noBarriers(page, 'an offer');
  });

  await test.step('it is got and tried, and nothing is switched', async () => {
    await confirmCoffee(page, 'lynx');
    await page.getByRole('button', { name: 'Get and try' }).click();
    await page.getByRole('button', { name: 'Show the trial' }).click({ timeout: 40_000 });
    // One confirmed photo, wrong in both, says little; the photos that nobody confirmed are tried all the same.
    const headline = '1.1.0 and 1.0.0 are both wrong on the photo that you have confirmed';
    await expect(page.getByRole('heading', { name: headline })).toBeVisible();
    await expect(page.getByText('1 confirmed photo: 1 wrong in both.')).toBeVisible();
    await expect(
      page.getByText(/recent photos? that nobody has confirmed: another label on 1\./u),
    ).toBeVisible();
    await expect(page.getByText('too few to say')).toBeVisible();
    await expect(page.locator('.trial-main')).not.toContainText(/Passed|Agree/u);
    await page.getByRole('button', { name: /^1: lynx, Both wrong/u }).click();
    await expect(page.locator('.trial-items')).toContainText('coffee.png');
    await page.getByRole('button', { name: /^1: tiger cat, Another label/u }).click();
    await expect(page.locator('.trial-items')).toContainText('lynx');
    await noBarriers(page, 'a trial');
    await expect(page.getByRole('contentinfo')).toContainText('1.1.0 on trial');
    expect(await answering(page)).toBe('1.0.0');
  });

  await test.step('what changed is seen over the photos in Try as well', async () => {
    await goTo(page, 'Models');
    await page.getByRole('button', { name: 'More for 1.1.0' }).click();
    await noBarriers(page, 'the menu of a version');
    await page.getByRole('menuitem', { name: /What changed/u }).click();
    await expect(page.getByRole('heading', { name: 'What changed' })).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('heading', { name: /gives another label on 1 of \d photos/u })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show the trial' }).click();
  });

  await test.step('switched to and rolled back, it answers and stops answering', async () => {
    await page.getByRole('button', { name: 'Switch to 1.1.0' }).click();
    await expect(versionLine(page, '1.0.0')).toContainText('Previous');
    expect(await answering(page)).toBe('1.1.0');
    await page.getByRole('button', { name: 'Roll back' }).click();
    await expect(versionLine(page, '1.0.0')).toContainText('Running');
    await expect(versionLine(page, '1.1.0')).toContainText('Taken back on this computer');
    expect(await answering(page)).toBe('1.0.0');
  });
  await test.step('another that gives wrong answers says so in its line, and the one before goes on', async () => {
    await office.publish('1.2.0', 'Said to be better.', { 'golden/golden.json': spoiledGolden });
    await value(page, 'updates.check');
    await page.getByRole('button', { name: 'Get and try' }).click();
    await expect(versionLine(page, '1.2.0')).toContainText('golden samples wrong', { timeout: 40_000 });
    await expect(page.getByText('golden-failed').first()).toBeVisible();
    await noBarriers(page, 'a version that failed');
    expect(await answering(page)).toBe('1.0.0');
  });
  expect(complaints).toEqual([]);
});

async function trust(
  page: Page,
  office: Office,
  answer: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  await value(page, 'settings.set', { feed: office.feed });
  await answer([office.rootFile]);
  const root = await value(page, 'updates.chooseRoot');
  await value(page, 'updates.trust', { ref: root!.ref, fingerprint: office.fingerprint });
  const checked = await ask(page, 'updates.check');
  if (!checked.ok && checked.fault.code !== 'trust-expired') throw new Error(checked.fault.message);
}

/** Version that answers a photo that was never asked about before, by the model's id alone. */
async function answering(page: Page): Promise<string> {
  const files = await value(page, 'files.samples', { model: 'efficientnet-lite0' });
  const coffee = files.files.find(({ name }) => name === 'coffee.png')!;
  const request = { ref: coffee.ref, model: 'efficientnet-lite0', request: crypto.randomUUID() };
  return (await value(page, 'predict.one', request)).version;
}

/** Coffee is said to be this, whatever the model says. */
async function confirmCoffee(page: Page, label: string): Promise<void> {
  const { files } = await value(page, 'files.samples', { model: 'efficientnet-lite0' });
  const { ref } = files.find(({ name }) => name === 'coffee.png')!;
  const model = 'efficientnet-lite0';
  const { digest } = await value(page, 'predict.one', { ref, model, request: crypto.randomUUID() });
  await value(page, 'answers.confirm', { ref, digest, model, label: { id: 'n02127052', name: label } });
}

const goTo = (page: Page, place: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
const versionLine = (page: Page, version: string) =>
  page
    .locator('.timeline-version')
    .filter({ has: page.getByRole('heading', { name: version, exact: true }) });
