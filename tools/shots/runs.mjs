// The place for runs: before the first, a new one while it is looked at, the list, and one that is opened.
import path from 'node:path';
import { writeCard } from './detection.mjs';
import { answerDialog } from './window.mjs';

const go = (page, name) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click();

export const runsEmpty = {
  'runs-empty': async ({ page }) => {
    await go(page, 'Runs');
    await page.getByText('No run yet.').waitFor();
  },
};

export const leaveRuns = ({ page }) => go(page, 'Try');

export const runScreens = {
  'runs-new': async (shot) => {
    const { page } = shot;
    await go(page, 'Runs');
    const more = page.getByRole('button', { name: 'New run' });
    if (await more.isVisible()) await more.click();
    // Photos that nobody has answered: what a run will take is measured on them.
    const mark = `${Date.now()} `;
    await answerDialog(shot, [writeCard(path.join(path.dirname(shot.folder), 'Ridge camera 08'), mark)]);
    await page
      .getByRole('complementary', { name: 'New run' })
      .getByRole('button', { name: 'Choose a folder' })
      .click();
    await page.getByText(/of these photos just now/u).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(400);
  },
  'runs-opened': async ({ page }) => {
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText(/Every answer is kept/u).waitFor({ timeout: 120_000 });
    await page.waitForTimeout(600);
  },
  runs: async ({ page }) => {
    await go(page, 'Runs');
    await page.getByRole('list', { name: 'Earlier' }).getByRole('listitem').first().waitFor();
    await page.waitForTimeout(400);
  },
};
