import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { dropFiles, fixture } from './launch.ts';
import { answerDialog, expect, oneProgram, test } from './program.ts';

/* All that `outpost pack build` takes, in the form for a bare model. */

const detector = fixture('detectors', 'apart.onnx');

const outpost = oneProgram();

test('a detector is made with its form of boxes, variants, providers, card, source and licence', async ({
  folder,
}) => {
  test.setTimeout(150_000);
  const model = path.join(folder, 'Fields.onnx');
  const small = path.join(folder, 'Fields-int8.onnx');
  for (const to of [model, small]) copyFileSync(detector, to);
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const { app, page, complaints } = await outpost.loaded();
  await dropFiles(page, [model]);
  const form = page.getByRole('form', { name: /Fields\.onnx/u });
  const bring = async (paths: readonly string[], button: string): Promise<void> => {
    await answerDialog(app, paths);
    await form.getByRole('button', { name: button, exact: true }).click();
  };

  await test.step('the form of the boxes is asked once the labels leave it in doubt, in the window’s language', async () => {
    await form.getByText('Finds things on a photo').click();
    await form.getByLabel('In one line').fill('Finds coloured fields.');
    await form.getByLabel('Licence', { exact: true }).fill('MIT');
    await expect(fieldOf(form, 'form')).toHaveCount(0);
    await bring([write('labels.txt', 'red\ngreen\nblue')], 'Choose a file…');
    await expect(fieldOf(form, 'form')).toBeVisible();
    await value(page, 'settings.set', { language: 'de' });
    await page.getByRole('combobox', { name: 'Form der Rahmen' }).click();
    await expect(page.getByRole('option', { name: /^Rahmen als links, oben/u })).toBeVisible();
    await page.keyboard.press('Escape');
    await value(page, 'settings.set', { language: 'en' });
    await choose(page, form.getByRole('combobox', { name: 'Form of the boxes' }), /^Boxes as left, top/u);
  });

  await test.step('a margin is set by hand, and what the model gets shows it', async () => {
    await choose(page, form.getByRole('combobox', { name: 'Preparation' }), /^YOLO detection/u);
    await expect(form.getByRole('radio', { name: 'All of it, with a margin' })).toBeChecked();
    const seen = form.getByRole('img', { name: 'What the model gets: 64 × 64 pixels' });
    await answerDialog(app, [fixture('detectors', 'small.png')]);
    await form.getByRole('button', { name: 'Add photos…' }).click();
    await expect.poll(() => cornerOf(seen)).toEqual([114, 114, 114]);
    await form.getByRole('textbox', { name: 'Colour of the margin, Red' }).fill('200');
    await expect.poll(() => cornerOf(seen)).toEqual([200, 114, 114]);
    await form.getByText('All of it, squeezed', { exact: true }).click();
    await expect.poll(() => cornerOf(seen)).not.toEqual([200, 114, 114]);
    await expect(form.getByRole('textbox', { name: 'Colour of the margin, Red' })).toHaveCount(0);
    await form.getByRole('button', { name: 'Back to the preset' }).click();
    await expect.poll(() => cornerOf(seen)).toEqual([114, 114, 114]);
  });

  await test.step('a variant that is another model is refused at its field; one that is taken out keeps the focus near', async () => {
    await form.locator('summary').press('Enter');
    await expect(form.locator('summary')).toBeFocused();
    await bring([small, fixture('exports', 'colours-pytorch.onnx')], 'Add a file…');
    await expect(form.getByRole('combobox', { name: 'Variant in Fields-int8.onnx' })).toHaveValue('int8');
    await expect(fieldOf(form, 'variant')).toContainText('colours-pytorch.onnx cannot be used as asked');
    await noBarriers(page, 'the form with a fault under More');
    await form.getByRole('button', { name: 'Take colours-pytorch.onnx out' }).press('Enter');
    await expect(fieldOf(form, 'variant')).not.toContainText('cannot be used');
    await expect.poll(() => focusOf(page)).not.toBe('BODY');
  });

  await test.step('measured quality that is no object is told at its field before anything runs', async () => {
    await bring([write('list.json', '[1]')], 'Measured quality: Choose a file…');
    await expect(fieldOf(form, 'evaluation')).toContainText('list.json');
    await expect(form.getByRole('alert')).toHaveCount(1);
    await bring([write('measured.json', '{"mAP50": 0.5}')], 'Measured quality: Choose a file…');
    await expect(form.getByRole('alert')).toHaveCount(0);
    await bring([write('card.md', '# Fields\n\nMade of three colours.')], 'Model card: Choose a file…');
    await bring([write('MIT.txt', 'Permission is hereby granted')], 'Text of the licence: Choose a file…');
    await form.getByLabel('Where it comes from').fill('Drawn by a test.');
    await form.getByRole('checkbox', { name: 'WebGPU' }).check();
  });

  await test.step('all of it is in the model that is installed', async () => {
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(page.getByRole('heading', { name: 'Fields', exact: true })).toBeVisible({ timeout: 60_000 });
    const detail = await value(page, 'models.show', { model: 'fields' });
    expect(detail.model.task).toBe('object-detection');
    expect(detail.model.variants.map(({ name, file, providers }) => [name, file, providers])).toEqual([
      ['fp32', 'Fields.onnx', ['cpu', 'webgpu']],
      ['int8', 'Fields-int8.onnx', ['cpu']],
    ]);
    expect(detail.card).toContain('Made of three colours.');
    expect(detail.files.map((file) => file.path)).toEqual(
      expect.arrayContaining(['LICENSE', 'Fields-int8.onnx', 'labels.json', 'golden/golden.json']),
    );
    const golden = await value(page, 'models.golden', { model: 'fields' });
    expect([golden.passed, golden.total]).toEqual([1, 1]);
  });
  expect(complaints).toEqual([]);
});

test('a model that gives a list alone is cut before it, and arrays for several inputs are one golden sample', async ({
  folder,
}) => {
  test.setTimeout(120_000);
  const file = path.join(folder, 'Table.onnx');
  const row = { name: 'a', type: 'float32', shape: ['N', 3] } as const;
  const map = { op: 'ZipMap', domain: 'ai.onnx.ml', inputs: ['scores'], outputs: ['zipped'] };
  writeFileSync(
    file,
    onnxModel({
      nodes: [
        { op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] },
        { op: 'Softmax', inputs: ['sum'], outputs: ['scores'], attributes: { axis: 1 } },
        { ...map, attributes: { classlabels_int64s: [7, 8, 9] } },
      ],
      inputs: [row, { ...row, name: 'b' }],
      outputs: [{ name: 'zipped', type: 'float32', shape: [], list: 'maps' }],
    }),
  );
  const { app, page } = await outpost.loaded();
  await dropFiles(page, [file]);
  const form = page.getByRole('form', { name: /Table\.onnx/u });
  const tails = fieldOf(form, 'cut-tails');
  await expect(tails).toContainText('gives no tensor: zipped');
  await value(page, 'settings.set', { language: 'de' });
  await expect(tails).toContainText('zipped ist eine Folge');
  expect((await tails.textContent()) ?? '').not.toContain('--');
  await value(page, 'settings.set', { language: 'en' });
  await tails.getByRole('switch', { name: 'Cut zipped off, and give the tensors before it' }).press('Space');
  await expect(tails).not.toContainText('gives no tensor');
  await expect(form).toContainText('the output zipped was cut off before ai.onnx.ml.ZipMap');
  await expect(fieldOf(form, 'labels')).toContainText('3 labels, out of the model file: 7, 8, 9');
  await form.getByLabel('In one line').fill('Adds and weighs.');
  await form.getByLabel('Licence', { exact: true }).fill('MIT');
  const samples = path.join(folder, 'first rows');
  mkdirSync(samples);
  for (const name of ['a', 'b']) writeFileSync(path.join(samples, `${name}.npy`), npy([1, 2, 3]));
  await expect(fieldOf(form, 'golden')).toContainText('a.npy, b.npy');
  await answerDialog(app, [path.join(samples, 'a.npy'), path.join(samples, 'b.npy')]);
  await form.getByRole('button', { name: 'Add arrays…' }).click();
  await form.getByRole('button', { name: 'Make and install' }).click();
  await expect(page.getByRole('heading', { name: 'Table', exact: true })).toBeVisible({ timeout: 60_000 });
  const detail = await value(page, 'models.show', { model: 'table' });
  expect(detail.outputs.map(({ name }) => name)).toEqual(['scores']);
  expect(detail.labelNames).toEqual(['7', '8', '9']);
  const golden = await value(page, 'models.golden', { model: 'table' });
  expect([golden.passed, golden.total]).toEqual([1, 1]);
});

const fieldOf = (form: Locator, name: string): Locator => form.locator(`[data-field="${name}"]`);
const focusOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.tagName);

async function choose(page: Page, list: Locator, option: RegExp): Promise<void> {
  await list.click();
  await page.getByRole('option', { name: option }).click();
}

/** Colour of the upper left pixel of a drawn picture. */
function cornerOf(canvas: Locator): Promise<readonly number[]> {
  return canvas.evaluate((element) => {
    const drawing = (element as HTMLCanvasElement).getContext('2d')!;
    return [...drawing.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });
}

/** One row of 32-bit numbers as numpy writes it. */
function npy(values: readonly number[]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (1, ${values.length}), }\n`;
  const head = Buffer.alloc(10);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header), Buffer.from(Float32Array.from(values).buffer)]);
}
