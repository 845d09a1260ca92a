import type { Page } from '@playwright/test';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { dropFiles, fixture } from './launch.ts';
import { answerDialog, expect, test } from './program.ts';

const model = fixture('picture-kinds', 'sigmoid.onnx');
const photo = fixture('picture-kinds', 'photo.png');

test('several labels at once are told as such, and a model’s page shows what it sees', async ({ open }) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  await dropFiles(page, [model]);
  const form = page.getByRole('form', { name: /sigmoid\.onnx/u });
  await form.getByText('Names what a photo shows').click();
  await form.getByLabel('Title').fill('Animals');
  await form.getByLabel('Short name').fill('animals');
  await form.getByLabel('In one line').fill('Names the animals on a photo.');
  await form.getByRole('button', { name: 'my own' }).click();
  await form.getByText('Pasted', { exact: true }).click();
  await form.getByRole('textbox', { name: 'Pasted' }).fill('fox\nhare\nowl\ndeer\nlynx');
  await form.getByRole('combobox', { name: 'Preparation' }).click();
  await page.getByRole('option', { name: /Whole photo, 0 to 1/u }).click();
  await answerDialog(app, [photo]);
  await form.getByRole('button', { name: 'Take a photo of yours' }).click();
  await form.getByRole('button', { name: 'Make and install' }).click();
  await expect(page.getByRole('heading', { name: 'Animals' })).toBeVisible({ timeout: 60_000 });

  await test.step('the page shows a sample beside what is made of it', async () => {
    const seen = page.getByRole('img', { name: 'What the model gets: 24 × 20 pixels' });
    await expect(seen).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'Green' })).toBeVisible();
    expect(await coloursOf(page)).toBeGreaterThan(50);
    await noBarriers(page, 'what a model sees');
  });

  await test.step('labels that hold have bars of their own and no sum', async () => {
    await value(page, 'settings.set', { model: 'animals' });
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Try' }).click();
    // The model's own sample: it is offered once the window knows that the model is in use.
    await page.getByRole('button', { name: /photo\.png/u }).click();
    const owl = page.getByRole('listitem').filter({ hasText: 'owl' });
    await expect(owl).toContainText('83.9%');
    await expect(page.getByRole('listitem').filter({ hasText: 'hare' })).toContainText('74.3%');
    await expect(page.getByText('Each label by itself: several may hold at once')).toBeVisible();
    await expect(page.getByText('2 of 5 above the threshold')).toBeVisible();
    await noBarriers(page, 'several labels');
  });
  expect(complaints).toEqual([]);
});

/** How many colours the canvas has: that of a picture, and not of an empty one. */
const coloursOf = (page: Page): Promise<number> =>
  page.locator('.model-sees canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4)
      colours.add(data[at]! * 65536 + data[at + 1]! * 256 + data[at + 2]!);
    return colours.size;
  });
