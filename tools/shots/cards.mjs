// A camera's card: plugged in, while it is copied, and its receipt. Only root mounts, and not in every container: without, they are left out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { answerDialog, fixtures } from './window.mjs';

const place = `/media/outpost-shots-${process.pid}`;
const offers = (page) => page.getByRole('region', { name: 'Camera cards' });
const copy = (page) => page.getByRole('article', { name: /^Copy of the card/ });

export const cardScreens = {
  'card-plugged': async (shot) => {
    const { page } = shot;
    await page.getByRole('navigation').getByRole('button', { name: 'Runs', exact: true }).click();
    if (!plugCard(path.dirname(shot.folder))) return false;
    const card = offers(page).getByRole('listitem', { name: 'TRAPCARD' });
    await card.getByText('Not copied before').waitFor({ timeout: 30_000 });
    await card.scrollIntoViewIfNeeded();
    return true;
  },
  'card-copying': async (shot) => {
    const { page } = shot;
    if (!(await offers(page).getByRole('listitem', { name: 'TRAPCARD' }).isVisible())) return false;
    await offers(page).getByRole('button', { name: 'Copy the card TRAPCARD' }).click();
    const pane = page.getByRole('complementary', { name: 'Copy a camera card' });
    await pane.getByLabel('Where the camera stood').fill('Waterhole 3');
    const copies = path.join(path.dirname(shot.folder), `copies ${Date.now()}`);
    mkdirSync(copies);
    await answerDialog(shot, [copies]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await pane.getByText(path.basename(copies)).first().waitFor();
    await pane.getByLabel('Where the camera stood').press('Enter');
    await copy(page).waitFor();
    await page.waitForTimeout(700);
    return true;
  },
  'card-receipt': async ({ page }) => {
    if (!(await copy(page).isVisible())) return false;
    await copy(page).getByText('The card may be formatted.').waitFor({ timeout: 120_000 });
    await copy(page)
      .getByRole('button', { name: /that looks damaged/ })
      .click();
    await page.waitForTimeout(400);
    return true;
  },
};

/** Removes the card, so that the next picture begins with a new one. */
export function pullCard() {
  try {
    execFileSync('umount', ['-l', place], { stdio: 'ignore' });
    rmSync(place, { recursive: true, force: true });
  } catch {
    // None is plugged in.
  }
}

/** A card of 60 photos, one of them cut off; false where nothing can be mounted. */
function plugCard(scratch) {
  pullCard();
  const image = path.join(scratch, `card ${Date.now()}`);
  const rocket = readFileSync(path.join(fixtures, 'photos', 'rocket.jpg'));
  try {
    writeFileSync(image, '');
    truncateSync(image, 320 * 1024 ** 2);
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', '-L', 'TRAPCARD', image]);
    mkdirSync(place, { recursive: true });
    // Filled aside: it is to be seen whole when it appears among the cards.
    const aside = path.join(scratch, 'card aside');
    mkdirSync(aside, { recursive: true });
    execFileSync('mount', ['-o', 'loop,noatime', image, aside]);
    const folder = path.join(aside, 'DCIM', '100RECNX');
    mkdirSync(folder, { recursive: true });
    for (let at = 0; at < 60; at += 1)
      writeFileSync(
        path.join(folder, `RCNX${String(at).padStart(4, '0')}.JPG`),
        Buffer.concat([rocket, Buffer.alloc(4 * 1024 ** 2, at), Buffer.of(0xff, 0xd9)]),
      );
    writeFileSync(path.join(folder, 'RCNX9998.JPG'), rocket.subarray(0, 9_000));
    execFileSync('umount', [aside]);
    execFileSync('mount', ['-o', 'loop,noatime', image, place]);
    return true;
  } catch {
    pullCard();
    return false;
  }
}
