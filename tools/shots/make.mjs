// The form for a bare model: what is asked first, and what few models need.
import path from 'node:path';
import { answerDialog, fixtures } from './window.mjs';

const bare = path.join(fixtures, 'exports', 'colours-pytorch.onnx');
const button = (page, name) => page.getByRole('button', { name });

export const makeScreens = {
  'models-make': async (shot) => {
    const { page } = shot;
    await answerDialog(shot, [bare]);
    await button(page, 'Add a model').click();
    await page.getByRole('menuitem', { name: /file/ }).click();
    const form = page.getByRole('form');
    await form.getByText('Names what a photo shows').click();
    await form.getByLabel('In one line').fill('Tells red, green and blue fields apart.');
    await button(form, 'my own').click();
    await answerDialog(shot, [path.join(fixtures, 'exports', 'colours.txt')]);
    await form.getByRole('button', { name: 'Choose a file…', exact: true }).click();
    await form.getByText('3 labels').waitFor();
    await button(form, 'Take it').click();
    await form.getByRole('img', { name: /What the model gets/ }).waitFor({ timeout: 60_000 });
    await form.getByLabel('Title').focus();
  },
  'models-make-more': async ({ page }) => {
    const more = page.getByRole('form').locator('summary');
    await more.press('Enter');
    await more.evaluate((line) => line.scrollIntoView({ block: 'start' }));
    await page.waitForTimeout(300);
  },
};

/** The form stays to be gone on with; here it is in the way of what follows. */
export const leaveForm = async ({ page }) => {
  await button(page, 'Discard').click();
  await page.getByRole('form').waitFor({ state: 'hidden' });
};
