import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readJpeg } from '../../main/worker/jpeg-file.ts';

const photo = sharp(path.join(import.meta.dirname, '..', 'fixtures', 'photos', 'rocket.jpg')).resize(64, 40);
const withOrientation = (value: number) =>
  photo
    .clone()
    .withExif({ IFD0: { Copyright: 'nobody' } })
    .withMetadata({ orientation: value })
    .jpeg()
    .toBuffer();
const exifStart = (jpeg: Buffer) => jpeg.indexOf('Exif');

it.each([
  ['no Exif', () => photo.clone().jpeg().toBuffer()],
  ['Exif that says upright', () => withOrientation(1)],
  ['progressive', () => photo.clone().jpeg({ progressive: true }).toBuffer()],
  ['grey', () => photo.clone().greyscale().jpeg().toBuffer()],
  ['CMYK', () => photo.clone().toColourspace('cmyk').jpeg().toBuffer()],
])('the header of a JPEG says what the library says: %s', async (_, make) => {
  const jpeg = await make();
  const { autoOrient, exif = null } = await sharp(jpeg).metadata();
  const { upright } = readJpeg(jpeg);
  expect(upright).toEqual({ ...autoOrient, exif: upright?.exif ?? null });
  expect(upright?.exif ? Buffer.from(upright.exif) : null).toEqual(exif);
});

it('whatever is turned, said twice or in another form is left to the library', async () => {
  for (const value of [2, 3, 4, 5, 6, 7, 8])
    expect(readJpeg(await withOrientation(value)).upright).toBeNull();
  const jpeg = await withOrientation(1);
  const from = exifStart(jpeg) - 4;
  const segment = jpeg.subarray(from, from + 2 + jpeg.readUInt16BE(from + 2));
  const twice = Buffer.concat([jpeg.subarray(0, from), segment, jpeg.subarray(from)]);
  expect(readJpeg(twice).upright).toBeNull();
  // Every other value of every byte of its directory: upright only where the library says so, too.
  let asked = 0;
  for (let at = exifStart(jpeg) + 6; at < exifStart(jpeg) + 6 + 40; at += 1)
    for (const value of [0, 1, 6, 255]) {
      const changed = Buffer.from(jpeg);
      changed[at] = value;
      const { upright } = readJpeg(changed);
      if (!upright) {
        asked += 1;
        continue;
      }
      const { autoOrient } = await sharp(changed).metadata();
      expect(upright).toMatchObject(autoOrient);
    }
  expect(asked).toBeGreaterThan(20);
});

it('a file without its end is left to the library', () => {
  const whole = readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'photos', 'rocket.jpg'));
  expect(readJpeg(whole.subarray(0, whole.length - 2)).upright).toBeNull();
});
