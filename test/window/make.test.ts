import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { noBarriers } from './barriers.ts';
import { ask, value } from './bridge.ts';
import { dropFiles, fixture, removeFolder } from './launch.ts';
import { answerDialog, expect, root, test } from './program.ts';

const colours = fixture('exports', 'colours-pytorch.onnx');
const red = fixture('exports', 'colours-pytorch', '1-red.png');
const blue = fixture('exports', 'colours-pytorch', '0-blue.png');

test('a bare model on the window gets a form, is seen through, made, and answers', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const model = path.join(folder, 'Farben unserer Felder_2026.onnx');
  copyFileSync(colours, model);
  const { app, page, data, complaints } = await open();
  await dropFiles(page, [model]);
  const form = page.getByRole('form', { name: /Farben unserer Felder_2026\.onnx/u });

  await test.step('what the file says is filled in, and no guess is taken for an answer', async () => {
    await expect(form.getByLabel('Title')).toHaveValue('Farben unserer Felder 2026');
    await expect(form.getByLabel('Title')).toBeFocused();
    await expect(form.getByLabel('Short name')).toHaveValue('farben-unserer-felder-2026');
    await expect(form).toContainText('written by pytorch');
    await expect(form).toContainText('Still open: What it does, In one line, Licence, Labels, Preparation.');
    await expect(form.getByRole('img', { name: /What the model gets/u })).toHaveCount(0);
  });

  await test.step('what is missing is marked where it is, and the first has the focus', async () => {
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(fieldOf(form, 'task')).toContainText('This is still open.');
    await expect(form.getByRole('radio', { name: 'Names what a photo shows' })).toBeFocused();
    await page.keyboard.press('Space');
    await expect(fieldOf(form, 'task')).not.toContainText('This is still open.');
    await form.getByLabel('Short name').fill('Farben 2026');
    await expect(fieldOf(form, 'id')).toContainText('Small letters, digits');
    await form.getByLabel('Short name').fill('farben-2026');
    await form.getByLabel('In one line').fill('Names the colour of a field.');
    await form.getByRole('button', { name: 'my own' }).click();
  });

  await test.step('labels that do not fit are refused at their field before anything runs', async () => {
    await form.getByText('Pasted', { exact: true }).click();
    await form.getByRole('textbox', { name: 'Pasted' }).fill('red\ngreen');
    await expect(fieldOf(form, 'labels')).toContainText('2 labels');
    await form.getByText('From a file', { exact: true }).click();
    await answerDialog(app, [fixture('exports', 'colours.txt')]);
    await form.getByRole('button', { name: 'Choose a file…' }).click();
    await expect(fieldOf(form, 'labels')).toContainText('3 labels: red, green, blue');
  });

  await test.step('what the model would get of a photo is seen at once, and changes with the values', async () => {
    await form.getByRole('button', { name: 'Take it' }).click();
    const seen = form.getByRole('img', { name: 'What the model gets: 32 × 32 pixels' });
    await expect(seen).toBeVisible();
    await expect(form).toContainText('A sample photo');
    await answerDialog(app, [red, blue]);
    await form.getByRole('button', { name: 'Take a photo of yours' }).click();
    await expect.poll(() => middleOf(seen)).toBe('red');
    await form.getByRole('button', { name: 'Preview 0-blue.png' }).click();
    await expect.poll(() => middleOf(seen)).toBe('blue');
    const first = form.getByRole('row').nth(1);
    await expect(first).toContainText('Red');
    await form.getByText('Blue first', { exact: true }).click();
    await expect(first).toContainText('Blue');
    await expect(form).toContainText('Changed by hand.');
    const mean = form.getByRole('textbox', { name: 'Mean, taken away, Red' });
    await mean.fill('no number');
    await expect(mean).toHaveAttribute('aria-invalid', 'true');
    await mean.blur();
    await expect(mean).toHaveValue('123.675');
    await form.getByRole('button', { name: 'Back to the preset' }).click();
    await expect(first).toContainText('Red');
    await noBarriers(page, 'the form');
  });

  await test.step('it stays while a person looks elsewhere', async () => {
    await goTo(page, 'Settings');
    await goTo(page, 'Models');
    await page.getByRole('button', { name: 'All models' }).click();
    await page.getByRole('button', { name: /Go on with Farben/u }).click();
    await expect(form.getByLabel('In one line')).toHaveValue('Names the colour of a field.');
  });

  await test.step('a build that fails says where, and nothing typed is lost', async () => {
    await choose(page, form.getByRole('combobox', { name: 'Scores' }), 'Probabilities, 1 together');
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(fieldOf(form, 'scores')).toContainText('“Scores” logits', { timeout: 40_000 });
    expect((await fieldOf(form, 'scores').textContent()) ?? '').not.toContain('--');
    await expect(form.getByRole('combobox', { name: 'Scores' })).toBeFocused();
    await expect(form.getByLabel('In one line')).toHaveValue('Names the colour of a field.');
    await noBarriers(page, 'the form with a fault');
    expect(readdirSync(path.join(data, 'making'))).toEqual([]);
    await choose(page, form.getByRole('combobox', { name: 'Scores' }), 'As its values show');
  });

  await test.step('it is installed as the person’s own, and answers', async () => {
    await expect(form).toContainText('It becomes a local, unsigned model');
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(page.getByRole('heading', { name: 'Farben unserer Felder 2026' })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.locator('.timeline-version')).toContainText('Farben unserer Felder_2026.onnx');
    const made = (await value(page, 'models.list')).find(({ id }) => id === 'farben-2026')!;
    expect(made).toMatchObject({ trust: 'local', state: 'active', labels: 3, samples: 2 });
    expect((await value(page, 'settings.get')).allowUnsigned).toBe(false);
    expect(readdirSync(path.join(data, 'making'))).toEqual([]);
    await value(page, 'settings.set', { model: 'farben-2026' });
    await goTo(page, 'Try');
    await page.getByRole('button', { name: /1-red\.png/u }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'red' }).first()).toContainText('%');
    const golden = await value(page, 'models.golden', { model: 'farben-2026' });
    expect([golden.passed, golden.total]).toEqual([2, 2]);
  });
  expect(complaints).toEqual([]);
});

test('tensors, weights beside the file, stopping, and a kill in the middle', async ({ open, folder }) => {
  test.setTimeout(150_000);
  const { app, page, data } = await open();

  await test.step('what is no model says so', async () => {
    const bad = path.join(folder, 'broken.onnx');
    writeFileSync(bad, 'no model');
    await dropFiles(page, [bad]);
    await expect(page.getByRole('dialog')).toContainText('onnx-unreadable');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  await test.step('a model of numbers is asked for no photo; its weights come along', async () => {
    mkdirSync(path.join(folder, 'beside'));
    const model = path.join(folder, 'beside', 'Sum.onnx');
    const constant = { name: 'w', type: 'float32', dims: [2], values: [1, 2], location: 'sum.bin' } as const;
    const y = { name: 'y', type: 'float32', shape: ['N', 2] } as const;
    const nodes = [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }];
    writeFileSync(
      model,
      onnxModel({ nodes, inputs: [{ ...y, name: 'x' }], outputs: [y], constants: [constant] }),
    );
    writeFileSync(path.join(folder, 'beside', 'sum.bin'), Buffer.from(Float32Array.from([10, 20]).buffer));
    await goTo(page, 'Models');
    await answerDialog(app, [model]);
    await page.getByRole('button', { name: 'Add a model' }).click();
    await page.getByRole('menuitem', { name: /file/u }).click();
    const form = page.getByRole('form', { name: /Sum\.onnx/u });
    await expect(form).toContainText('weights in sum.bin');
    await expect(form.getByRole('heading', { name: 'How a photo is prepared' })).toHaveCount(0);
    await form.getByLabel('In one line').fill('Adds ten and twenty.');
    await form.getByLabel('Licence', { exact: true }).fill('MIT');
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect(page.getByRole('heading', { name: 'Sum', exact: true })).toBeVisible({ timeout: 60_000 });
    const detail = await value(page, 'models.show', { model: 'sum' });
    expect(detail.files.map((file) => file.path)).toContain('sum.bin');
    // A model without golden samples has none to count.
    const main = page.getByRole('main');
    await expect(main).toContainText('This model brings no golden samples');
    await expect(main).not.toContainText('0 of 0');
    expect(detail.model).toMatchObject({ task: 'tensor', state: 'active' });
  });

  const whole = path.join(root, 'models', 'efficientnet-lite0');
  const startBig = async (): Promise<Locator> => {
    await dropFiles(page, [path.join(whole, 'efficientnet-lite0.onnx')]);
    const form = page.getByRole('form', { name: /efficientnet-lite0\.onnx/u });
    await expect(form.getByLabel('Title')).toBeVisible();
    return form;
  };

  await test.step('a version that is here already is told at its field', async () => {
    const form = await startBig();
    await expect(fieldOf(form, 'version')).toContainText('on this computer already');
    await form.getByLabel('Version').fill('9.0.0');
    await expect(fieldOf(form, 'version')).not.toContainText('on this computer already');
    await form.getByText('Names what a photo shows').click();
    await form.getByLabel('In one line').fill('The same again.');
    await form.getByLabel('Licence', { exact: true }).fill('Apache-2.0');
    await answerDialog(app, [path.join(whole, 'labels.json')]);
    await form.getByRole('button', { name: 'Choose a file…' }).click();
    await choose(page, form.getByRole('combobox', { name: 'Preparation' }), 'EfficientNet-Lite');
    await expect(fieldOf(form, 'labels')).toContainText('1,000 labels');
  });

  await test.step('stopping leaves the form, and nothing on the disk', async () => {
    const form = page.getByRole('form', { name: /efficientnet-lite0\.onnx/u });
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect.poll(() => readdirSync(path.join(data, 'making')).length).toBe(1);
    await form.getByRole('button', { name: 'Stop' }).click();
    await expect(form.getByRole('button', { name: 'Make and install' })).toBeVisible({ timeout: 30_000 });
    expect(readdirSync(path.join(data, 'making'))).toEqual([]);
    expect((await ask(page, 'models.show', { model: 'efficientnet-lite0@9.0.0' })).ok).toBe(false);
    await expect(form.getByLabel('In one line')).toHaveValue('The same again.');
  });

  await test.step('what a kill leaves is gone after the next start', async () => {
    const form = page.getByRole('form', { name: /efficientnet-lite0\.onnx/u });
    await form.getByRole('button', { name: 'Make and install' }).click();
    await expect.poll(() => readdirSync(path.join(data, 'making')).length).toBe(1);
    const main = app.process();
    main.kill('SIGKILL');
    await expect.poll(() => main.signalCode).toBe('SIGKILL');
    expect(readdirSync(path.join(data, 'making'))).toHaveLength(1);
    const again = await open({ data });
    await expect.poll(() => readdirSync(path.join(data, 'making')), { timeout: 40_000 }).toEqual([]);
    expect((await ask(again.page, 'models.show', { model: 'efficientnet-lite0@9.0.0' })).ok).toBe(false);
    await again.close();
    removeFolder(data);
  });
});

const fieldOf = (form: Locator, name: string): Locator => form.locator(`[data-field="${name}"]`);
const goTo = (page: Page, place: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();

async function choose(page: Page, list: Locator, option: string): Promise<void> {
  await list.click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** Colour that the middle of a drawn picture is most of. */
function middleOf(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const drawing = (element as HTMLCanvasElement).getContext('2d')!;
    const [red = 0, green = 0, blue = 0] = drawing.getImageData(width / 2, height / 2, 1, 1).data;
    return red > green && red > blue ? 'red' : blue > green ? 'blue' : 'green';
  });
}
