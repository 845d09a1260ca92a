import path from 'node:path';
import type { Page } from '@playwright/test';
import { freePortAfter } from '../../main/app/free-port.ts';
import { value } from './bridge.ts';
import { dropFiles, fixture } from './launch.ts';
import { openOffice } from './office.ts';
import { writePhotos } from './photos.ts';
import { answerDialog, expect, oneProgram, test } from './program.ts';
import { labelRow, runList, sampleCard } from './screen.ts';

/** One act of a person at the keyboard, and what has the focus afterwards. */
type Act = {
  readonly screen: string;
  readonly act: string;
  readonly does: (page: Page) => Promise<void>;
  readonly next: (page: Page) => ReturnType<Page['locator']>;
};

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();
const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
};

const photos: readonly Act[] = [
  {
    screen: 'Try, empty',
    act: 'a sample is chosen',
    does: async (page) => {
      await sampleCard(page, 'chelsea').focus();
      await page.keyboard.press('Enter');
      await expect(labelRow(page, 'tiger cat')).toBeVisible();
    },
    next: (page) => page.locator('.well'),
  },
  {
    screen: 'Try, a photo',
    act: 'the next photo',
    does: (page) => page.keyboard.press('ArrowRight'),
    next: (page) => page.locator('.well'),
  },
  {
    screen: 'Try, a photo',
    act: 'Where this came from opens',
    does: async (page) => {
      await expect(button(page, /Where this came from/u)).toBeVisible();
      await press(page, /Where this came from/u);
    },
    next: (page) => page.locator('.origin-line'),
  },
  {
    screen: 'Try, a photo',
    act: 'Where this came from closes',
    does: (page) => page.keyboard.press('Enter'),
    next: (page) => page.locator('.origin-line'),
  },
  {
    screen: 'Try, a photo',
    act: 'the first label is right',
    does: (page) => press(page, 'Right'),
    next: (page) => page.locator('.confirm button').first(),
  },
  {
    screen: 'Models',
    act: 'Ctrl and a number lead there',
    does: (page) => page.keyboard.press('Control+3'),
    next: (page) => page.locator('main'),
  },
  {
    screen: 'Keys',
    act: 'the list of keys opens and closes',
    does: async (page) => {
      await button(page, 'Add a model').focus();
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    },
    next: (page) => button(page, 'Add a model'),
  },
  {
    screen: 'Models',
    act: 'files are verified',
    does: async (page) => {
      await press(page, 'Verify');
      await expect(button(page, 'Verify')).toBeEnabled();
    },
    next: (page) => button(page, 'Verify'),
  },
  {
    screen: 'API',
    act: 'a token is wished for',
    does: async (page) => {
      await page.keyboard.press('Control+5');
      await press(page, 'New token');
    },
    next: (page) => page.getByRole('dialog').getByRole('textbox'),
  },
  {
    screen: 'API',
    act: 'a token is made',
    does: async (page) => {
      await page.keyboard.type('notebook');
      await page.getByRole('dialog').getByRole('checkbox').first().check();
      await page.getByRole('dialog').getByRole('textbox').focus();
      await page.keyboard.press('Enter');
    },
    next: (page) => page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }),
  },
  {
    screen: 'API',
    act: 'the token dialog closes',
    does: async (page) => {
      await page.keyboard.press('Enter');
      await press(page, /^Done|^Close/u);
      await expect(page.getByRole('dialog')).toBeHidden();
    },
    next: (page) => button(page, 'New token'),
  },
  {
    screen: 'API',
    act: 'a token is taken away',
    does: (page) => press(page, /^Revoke/u),
    next: (page) => page.locator('[data-focus-at=token-undo]'),
  },
  {
    screen: 'API',
    act: 'and given back',
    does: (page) => page.keyboard.press('Enter'),
    next: (page) => button(page, /^Revoke/u),
  },
  {
    screen: 'API',
    act: 'a program asks for leave',
    does: async (page) => {
      const port = await freePortAfter(8700);
      await value(page, 'settings.set', { apiBind: `127.0.0.1:${port}`, apiOn: true });
      await expect(page.getByRole('contentinfo').getByText(/Answering on/u)).toBeVisible();
      await button(page, 'New token').focus();
      const { state } = await value(page, 'access.report');
      const address = state.kind === 'on' ? state.address : '';
      void fetch(`${address}/access`, {
        method: 'POST',
        body: JSON.stringify({ program: 'Map plug-in' }),
      }).catch(() => null);
    },
    next: (page) => page.getByRole('dialog').getByText('Refuse', { exact: true }),
  },
  {
    screen: 'API',
    act: 'it is refused',
    does: async (page) => {
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toBeHidden();
    },
    next: (page) => button(page, 'New token'),
  },
];

const run: readonly Act[] = [
  {
    screen: 'Try, a run',
    act: 'a folder is chosen',
    does: async (page) => {
      await press(page, /(?:Run|Choose) a folder/u);
      await expect(runList(page)).toBeVisible();
    },
    next: (page) => runList(page),
  },
  {
    screen: 'Try, a run',
    act: 'a row is opened',
    does: async (page) => {
      await expect(page.locator('#row-0')).toContainText('photo', { timeout: 60_000 });
      await page.keyboard.press('Enter');
    },
    next: (page) => page.locator('.well'),
  },
  {
    screen: 'Try, a row',
    act: 'back to the list',
    does: (page) => press(page, /Back|list/u),
    next: (page) => runList(page),
  },
  {
    screen: 'Try, a run',
    act: 'Stop and keep',
    does: async (page) => {
      await press(page, 'Stop and keep');
      await expect(button(page, 'Stop and keep')).toHaveCount(0);
    },
    next: (page) => page.locator('[data-focus-at=run-next]'),
  },
];

/** Whatever it is, it is in the place that is shown. */
const inPlace = (page: Page) => page.locator('main :focus, main:focus');
const inDialog = (page: Page) => page.getByRole('dialog').locator(':focus');
const menuItem = async (page: Page, name: RegExp): Promise<void> => {
  const item = page.getByRole('menuitem', { name });
  await item.focus();
  await page.keyboard.press('Enter');
};

const versions: readonly Act[] = [
  {
    screen: 'Models',
    act: 'a folder with a model is shown',
    does: async (page) => {
      await page.keyboard.press('Control+3');
      await press(page, 'Add a model');
      await menuItem(page, /folder/u);
      await expect(page.getByRole('dialog')).toBeVisible();
    },
    next: inDialog,
  },
  {
    screen: 'Models',
    act: 'bringing it is thought better of',
    does: async (page) => {
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    },
    next: (page) => button(page, 'Add a model'),
  },
  {
    screen: 'Models',
    act: 'a bare model file is brought',
    does: (page) => dropFiles(page, [fixture('exports', 'colours-pytorch.onnx')]),
    next: (page) => page.getByRole('form').getByLabel('Title'),
  },
  {
    screen: 'The form for a bare model',
    act: 'it is made too early',
    does: (page) => press(page, 'Make and install'),
    next: (page) => page.getByRole('radio', { name: 'Names what a photo shows' }),
  },
  {
    screen: 'The form for a bare model',
    act: 'it is left',
    does: (page) => press(page, 'All models'),
    next: (page) => page.locator('.main :focus'),
  },
  {
    screen: 'Models',
    act: 'the folder is brought again, and installed',
    does: async (page) => {
      await press(page, 'Add a model');
      await menuItem(page, /folder/u);
      await press(page, 'Install');
      await expect(page.getByRole('dialog')).toBeHidden({ timeout: 60_000 });
      await expect(button(page, 'Show the trial')).toBeVisible({ timeout: 60_000 });
    },
    next: inPlace,
  },
  {
    screen: 'Models',
    act: 'its trial is shown',
    does: (page) => press(page, 'Show the trial'),
    next: inPlace,
  },
  {
    screen: 'A trial',
    act: 'it is switched to',
    does: async (page) => {
      await press(page, 'Switch to 1.1.0');
      await expect(button(page, 'Roll back')).toBeVisible({ timeout: 60_000 });
    },
    next: inPlace,
  },
  {
    screen: 'Models',
    act: 'and taken back',
    does: async (page) => {
      await press(page, 'Roll back');
      await expect(button(page, 'Roll back')).toHaveCount(0, { timeout: 60_000 });
    },
    next: inPlace,
  },
  {
    screen: 'Models',
    act: 'removing it is thought better of',
    does: async (page) => {
      await press(page, 'More for 1.1.0');
      await menuItem(page, /^Remove/u);
      await press(page, 'Cancel');
      await expect(page.getByRole('dialog')).toBeHidden();
    },
    next: (page) => button(page, 'More for 1.1.0'),
  },
  {
    screen: 'Models',
    act: 'it is removed',
    does: async (page) => {
      await press(page, 'More for 1.1.0');
      await menuItem(page, /^Remove/u);
      const now = page.getByRole('dialog').getByRole('button', { name: /^Remove/u });
      await now.focus();
      await page.keyboard.press('Enter');
      await expect(button(page, 'More for 1.1.0')).toHaveCount(0, { timeout: 30_000 });
    },
    next: inPlace,
  },
  {
    screen: 'Departure check',
    act: 'it opens',
    does: (page) => press(page, 'Departure check'),
    next: (page) => page.locator('.main :focus'),
  },
  {
    screen: 'Settings',
    act: 'another theme',
    does: async (page) => {
      await page.keyboard.press('Control+6');
      await page.getByRole('radio', { name: 'Dark' }).focus();
      await page.keyboard.press('Space');
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    },
    next: (page) => page.getByRole('radio', { name: 'Dark' }),
  },
];

async function perform(page: Page, acts: readonly Act[]): Promise<void> {
  for (const one of acts)
    await test.step(`${one.screen}: ${one.act}`, async () => {
      await one.does(page);
      await expect(one.next(page)).toBeFocused();
      const isNowhere = await page.evaluate(() => document.activeElement === document.body);
      expect(isNowhere, 'the focus is nowhere').toBe(false);
    });
}

const outpost = oneProgram();

// A version is tried on what was answered before, so that it comes before the photos.
test('after every act in the life of a version, the check before leaving and the settings the focus is with what follows it', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const office = await openOffice(folder);
  const pack = await office.publish('1.1.0', 'A folder of its own.');
  const { app, page } = await outpost.loaded();
  await value(page, 'settings.set', { allowUnsigned: true });
  await answerDialog(app, [pack]);
  await perform(page, versions);
});

test('and with photos', async () => {
  const { page } = await outpost.loaded();
  await perform(page, photos);
});

test('and through a run', async ({ folder }) => {
  const { app, page } = await outpost.loaded();
  const photosFolder = path.join(folder, 'photos');
  writePhotos(photosFolder, 400);
  await answerDialog(app, [photosFolder]);
  await perform(page, run);
});
