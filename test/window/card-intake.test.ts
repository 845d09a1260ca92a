import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { canMountIn, makeDriveIn, mountUnreadable, unmountAll } from '../fixtures/mounting.ts';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { fixture } from './launch.ts';
import { answerDialog, expect, test } from './program.ts';
import { runList } from './screen.ts';

/* A camera's card is copied: recognised where it is mounted, pulled in the middle, with a receipt, and answered from the copy. */

const themes = ['light', 'dark', 'contrast'] as const;
const rocket = readFileSync(fixture('photos', 'rocket.jpg'));
const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name });
const offers = (page: Page) => page.getByRole('region', { name: 'Camera cards' });

/** Photos of so many KiB, each another one; behind the end of a JPEG cameras write what they like. */
function fillCard(card: string, photos: number, kilobytes: number): void {
  const folder = path.join(card, 'DCIM', '100RECNX');
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < photos; at += 1)
    writeFileSync(
      path.join(folder, `RCNX${String(at).padStart(4, '0')}.JPG`),
      Buffer.concat([rocket, Buffer.alloc(kilobytes * 1024, at), Buffer.of(0xff, 0xd9)]),
    );
  writeFileSync(path.join(folder, 'RCNX9998.JPG'), rocket.subarray(0, 9_000));
  writeFileSync(path.join(card, 'SETTINGS.CFG'), 'interval=3');
}

test.afterEach(() => unmountAll());

test('a card that is pulled in the middle of its copy is waited for, and its receipt and its run come by the keyboard alone', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  test.skip(!canMountIn(folder, 'ext4'), 'loop devices cannot be mounted here');
  const place = `/media/outpost-${path.basename(folder)}`;
  const again = `${place}-again`;
  const drive = makeDriveIn(folder, 240, 'ext4');
  const copies = path.join(folder, 'copies');
  mkdirSync(copies);
  try {
    const { app, page, complaints } = await open();
    await page.keyboard.press('Control+2');
    await expect(offers(page)).toContainText('No card is plugged in');

    await test.step('it is recognised by what is on it', async () => {
      const camera = path.join(folder, 'camera');
      drive.plug(camera);
      fillCard(camera, 40, 4_000);
      drive.pull(camera);
      drive.plug(place);
      const offer = offers(page).getByRole('listitem', { name: 'TRAPCARD' });
      await expect(offer).toContainText('41 photos, 1 other file', { timeout: 30_000 });
      await expect(offer).toContainText('Not copied before');
    });

    await test.step('where the camera stood is asked for', async () => {
      const { folder: usual } = await value(page, 'cards.target', undefined);
      expect(usual).toMatch(/Outpost$/u);
      await offers(page).getByRole('button', { name: 'Copy the card TRAPCARD' }).focus();
      await page.keyboard.press('Enter');
      const pane = page.getByRole('complementary', { name: 'Copy a camera card' });
      await expect(pane.getByLabel('Where the camera stood')).toBeFocused();
      await page.keyboard.type('Waterhole 3');
      await answerDialog(app, [copies]);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect(pane).toContainText('copies');
      for (const theme of themes) {
        await value(page, 'settings.set', { theme });
        await noBarriers(page, `a card before it is copied, ${theme}`);
      }
      await pane.getByLabel('Where the camera stood').focus();
      await page.keyboard.press('Enter');
    });

    const article = page.getByRole('article', { name: 'Copy of the card TRAPCARD' });
    await test.step('pulled, it is waited for; back in another place, it goes on', async () => {
      await expect(article).toBeVisible();
      const done = async (): Promise<number> => {
        const [copy] = await value(page, 'cards.copies', undefined);
        return copy?.kind === 'copying' ? copy.progress.done : 0;
      };
      await expect.poll(done, { intervals: [20], timeout: 30_000 }).toBeGreaterThan(2);
      drive.pull(place);
      await expect(article).toContainText('The card is gone. Put it back', { timeout: 30_000 });
      await expect(article.getByRole('button', { name: 'Stop' })).toBeFocused();
      for (const theme of themes) {
        await value(page, 'settings.set', { theme });
        await noBarriers(page, `a card that is gone, ${theme}`);
      }
      drive.plug(again);
      await expect(article).toContainText('The card may be formatted.', { timeout: 60_000 });
    });

    await test.step('the receipt says why, and names what is damaged', async () => {
      await expect(article).toContainText(
        'All 42 files of the card are copied, and each copy was read back.',
      );
      await expect(article).toContainText('1 photo looks damaged on the card itself');
      // One line: the card's sign, its title, and what takes it off the list.
      const title = (await article.getByRole('heading').first().boundingBox())!;
      const away = (await article.getByRole('button', { name: /^Take the copy/u }).boundingBox())!;
      expect(title.x - (await article.boundingBox())!.x).toBeLessThan(60);
      expect(Math.abs(title.y + title.height / 2 - away.y - away.height / 2)).toBeLessThan(4);
      await article.getByRole('button', { name: '1 photo that looks damaged' }).click();
      await expect(article).toContainText('cut off at its end');
      for (const theme of themes) {
        await value(page, 'settings.set', { theme });
        await noBarriers(page, `a receipt, ${theme}`);
      }
      const [copied] = readdirSync(copies).filter((name) => !/receipt|sha256/u.test(name));
      expect(copied).toMatch(/^\d{4}-\d\d-\d\d Waterhole 3$/u);
      expect(readdirSync(path.join(copies, copied!, 'DCIM', '100RECNX'))).toHaveLength(41);
      expect(existsSync(path.join(copies, `${copied}.receipt.txt`))).toBe(true);
    });

    await test.step('one press starts the run, whose photos are of that site', async () => {
      await article.getByRole('button', { name: 'Start a run over the copy' }).focus();
      await page.keyboard.press('Enter');
      await expect(runList(page)).toBeVisible();
      const [run] = await value(page, 'runs.list', undefined);
      expect(run).toMatchObject({ title: 'Waterhole 3' });
      await value(page, 'runs.stop', { run: run!.id });
      await page.keyboard.press('Control+2');
      await page.keyboard.press('Control+2');
      await expect(article.getByRole('button', { name: 'Show the run' })).toBeVisible();
    });

    await test.step('it is known again, and what it holds is copied once', async () => {
      const offer = offers(page).getByRole('listitem', { name: 'TRAPCARD' });
      await expect(offer).toContainText(/Copied on .*Waterhole 3: all of it is copied/u, { timeout: 30_000 });
      await article.getByRole('button', { name: /Take the copy of TRAPCARD off/u }).click();
      await expect(article).toHaveCount(0);
      drive.pull(again);
      await expect(offers(page)).toContainText('No card is plugged in', { timeout: 30_000 });
    });
    expect(complaints).toEqual([]);
  } finally {
    unmountAll();
    for (const one of [place, again]) rmSync(one, { recursive: true, force: true });
  }
});

test('a copy that was stopped goes on in the next window, and a folder can be copied as a card', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const card = path.join(folder, 'NO LABEL');
  fillCard(card, 60, 2_000);
  const copies = path.join(folder, 'copies');
  const data = path.join(folder, 'data');
  for (const made of [copies, data]) mkdirSync(made);
  const first = await open({ data });
  await answerDialog(first.app, [copies]);
  await value(first.page, 'cards.chooseTarget', undefined);
  await answerDialog(first.app, [card]);
  await nav(first.page, 'Runs').click();
  await offers(first.page).getByRole('button', { name: 'Copy a card from a folder…' }).click();
  await first.page.getByLabel('Where the camera stood').fill('Ridge');
  await first.page.getByRole('button', { name: 'Copy the card', exact: true }).click();
  const article = first.page.getByRole('article', { name: 'Copy of the card NO LABEL' });
  await expect(article).toContainText(/[1-9]\d* of 62 files/u, { timeout: 30_000 });
  await article.getByRole('button', { name: 'Stop' }).click();
  await expect(article).toContainText('Stopped. What is copied stays');
  await expect(article.getByRole('button', { name: 'Go on' })).toBeFocused();
  await first.close();

  const second = await open({ data });
  await answerDialog(second.app, [card]);
  await nav(second.page, 'Runs').click();
  await offers(second.page).getByRole('button', { name: 'Copy a card from a folder…' }).click();
  const pane = second.page.getByRole('complementary', { name: 'Copy a camera card' });
  await expect(pane).toContainText(/Copy begun on .*Ridge: [1-9]\d* of 62 files are copied/u);
  await expect(pane.getByLabel('Where the camera stood')).toHaveValue('Ridge');
  await pane.getByRole('button', { name: 'Go on with the copy' }).click();
  await expect(second.page.getByRole('article', { name: 'Copy of the card NO LABEL' })).toContainText(
    'The card may be formatted.',
    { timeout: 60_000 },
  );
  expect(readdirSync(copies).filter((name) => !/receipt|sha256/u.test(name))).toHaveLength(1);
  expect(second.complaints).toEqual([]);
});

test('a card of which nothing new could be read shows the copy that there is, and not its receipt', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  test.skip(!canMountIn(folder, 'tmpfs'), 'nothing can be mounted here');
  const card = path.join(folder, 'TRAP');
  fillCard(card, 3, 10);
  const copies = path.join(folder, 'copies');
  mkdirSync(copies);
  const { app, page, complaints } = await open();
  await answerDialog(app, [copies]);
  await value(page, 'cards.chooseTarget', undefined);
  await answerDialog(app, [card]);
  await nav(page, 'Runs').click();
  const article = page.getByRole('article', { name: 'Copy of the card TRAP' });
  const copyIt = async (): Promise<void> => {
    await offers(page).getByRole('button', { name: 'Copy a card from a folder…' }).click();
    await page.getByLabel('Where the camera stood').fill('Ridge');
    await page.getByRole('button', { name: 'Copy the card', exact: true }).click();
  };
  await copyIt();
  await expect(article).toContainText('The card may be formatted.', { timeout: 60_000 });
  await expect(article.getByRole('button', { name: 'Show the receipt' })).toBeVisible();
  const [receipt] = readdirSync(copies).filter((name) => name.endsWith('.receipt.txt'));
  expect(readFileSync(path.join(copies, receipt!), 'utf8')).toMatch(
    /5 on the card, \d+\.\d kB \(\d+ bytes\)/u,
  );
  await article.getByRole('button', { name: /^Take the copy/u }).click();

  mountUnreadable(path.join(card, 'DCIM', '100RECNX', 'RCNX8000.JPG'));
  await copyIt();
  await expect(article).toContainText('Do not format the card.', { timeout: 60_000 });
  await expect(article).toContainText('1 of 6 files could not be copied');
  await expect(article.getByRole('button', { name: 'Show the copy' })).toBeVisible();
  await expect(article.getByRole('button', { name: 'Show the receipt' })).toHaveCount(0);
  expect(complaints).toEqual([]);
});
