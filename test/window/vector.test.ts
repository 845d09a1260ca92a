// A model that gives a vector alone, from its bare file to the photos that are alike by it.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { noBarriersInAnyTheme } from './barriers.ts';
import { value } from './bridge.ts';
import { dropFiles } from './launch.ts';
import { answerDialog, expect, test } from './program.ts';

/** The mean of each channel: photos of one colour are alike. */
const means = onnxModel({
  nodes: [{ op: 'ReduceMean', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3], keepdims: 0 } }],
  inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 8, 8] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
});
const colours = {
  'red.png': [200, 10, 10],
  'darker red.png': [150, 8, 8],
  'blue.png': [10, 10, 200],
} as const;

test('a vector says how long it is, and lists the photos that are alike by it', async ({ open, folder }) => {
  test.setTimeout(240_000);
  const card = path.join(folder, 'card');
  mkdirSync(card);
  const old = new Date(Date.now() - 60_000);
  for (const [name, [r, g, b]] of Object.entries(colours)) {
    const photo = sharp({ create: { width: 64, height: 48, channels: 3, background: { r, g, b } } });
    writeFileSync(path.join(card, name), await photo.png().toBuffer());
    utimesSync(path.join(card, name), old, old);
  }
  const model = path.join(folder, 'means.onnx');
  writeFileSync(model, means);
  const { app, page, complaints } = await open();

  await test.step('its file does not say what it does: that is asked; it has no labels, and none are asked for', async () => {
    await dropFiles(page, [model]);
    const form = page.getByRole('form', { name: /means\.onnx/u });
    await form.getByText('Makes photos comparable').click();
    await form.getByLabel('Title').fill('Colours');
    await form.getByLabel('Short name').fill('colours');
    await form.getByLabel('In one line').fill('Compares photos by their colours.');
    await form.getByRole('button', { name: 'my own' }).click();
    await expect(form.getByRole('heading', { name: /^Labels/u })).toHaveCount(0);
    await form.getByRole('combobox', { name: 'Preparation' }).click();
    await page.getByRole('option', { name: /Whole photo, 0 to 1/u }).click();
    await answerDialog(app, [path.join(card, 'blue.png')]);
    await form.getByRole('button', { name: 'Take a photo of yours' }).click();
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(page.getByRole('heading', { name: 'Colours' })).toBeVisible({ timeout: 60_000 });
  });

  await value(page, 'settings.set', { model: 'colours' });
  await expect(page.getByRole('button', { name: /^Colours .* In use$/u })).toBeVisible();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Try' }).click();
  await answerDialog(
    app,
    Object.keys(colours).map((name) => path.join(card, name)),
  );
  await page.getByRole('button', { name: 'Choose photos' }).click();
  const strip = page.getByRole('listbox', { name: 'Photos' });
  await expect(strip.getByRole('option')).toHaveCount(3);
  // A vector has no word for the strip: they stand in the order in which they were chosen.
  await strip.getByRole('option').nth(2).click();
  await expect(page.getByRole('heading', { name: 'A vector of 3 values' })).toBeVisible({ timeout: 60_000 });
  await strip.getByRole('option').nth(1).click();
  await strip.getByRole('option').nth(0).click();

  const similar = page.getByRole('region', { name: 'More like this' });
  await expect(similar).toContainText('darker red', { timeout: 30_000 });
  await expect(similar).not.toContainText('blue');
  // There is nothing for a threshold to leave out, and nothing to be right about.
  await expect(page.getByRole('slider')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Right', exact: true })).toHaveCount(0);
  await noBarriersInAnyTheme(page, 'a vector');
  expect(complaints.filter((text) => !/404/u.test(text))).toEqual([]);
});
