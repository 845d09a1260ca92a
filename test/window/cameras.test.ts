import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noBarriers } from './barriers.ts';
import { answerDialog, expect, root, test } from './program.ts';

/* The EXIF block of a real camera in front of a photo's bytes: what it says stands beside the answer. */

test('what the camera wrote stands below where the answer came from, with its time, name, serial number and temperature', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  const { app, page, complaints } = await open();
  const exif = readFileSync(path.join(root, 'test', 'fixtures', 'camera', 'reconyx-hyperfire2.exif'));
  const raccoon = readFileSync(path.join(root, 'models', 'camera-triage', 'samples', 'raccoon.jpg'));
  const head = Buffer.of(0xff, 0xe1, 0, 0);
  head.writeUInt16BE(exif.byteLength + 2, 2);
  const photo = path.join(folder, 'RCNX0031.JPG');
  writeFileSync(photo, Buffer.concat([raccoon.subarray(0, 2), head, exif, raccoon.subarray(2)]));
  await answerDialog(app, [photo]);
  await page.getByRole('button', { name: 'Choose photos' }).first().click();
  const origin = page.getByRole('button', { name: /Where this came from/u });
  const facts = page.getByRole('region', { name: 'What the camera says' });
  await expect(origin.or(facts).first()).toBeVisible({ timeout: 60_000 });
  if (await origin.isVisible()) await origin.click();
  for (const text of ['2021-04-11 20:43:09', 'RECONYX HYPERFIRE 2 COVERT', 'H2RXEM06043616', '2 °C'])
    await expect(facts.getByText(text, { exact: true })).toBeVisible();
  await noBarriers(page, 'what the camera says');
  expect(complaints).toEqual([]);
});
