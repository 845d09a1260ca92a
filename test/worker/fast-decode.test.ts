import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { Manifest } from '../../contract/packs/manifest.ts';
import { shrinkOf } from '../../main/worker/decoder.ts';
import { decodeSpec } from '../../main/worker/preprocess.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const { preprocessing } = Manifest.parse(
  JSON.parse(readFileSync(path.join(root, 'models', 'efficientnet-lite0', 'manifest.json'), 'utf8')),
);
const exact = decodeSpec(preprocessing);
const fast = decodeSpec(preprocessing, true);
const decoders = [sharpDecoder(), await vipsDecoder()];
let large: Buffer;
let turned: Buffer;
beforeAll(async () => {
  const photo = sharp(path.join(root, 'test', 'fixtures', 'photos', 'astronaut.png')).resize(4001, 3001, {
    fit: 'fill',
  });
  large = await photo.clone().jpeg({ quality: 88 }).toBuffer();
  turned = await photo.rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 88 }).toBuffer();
});

test('a picture is opened no smaller than what the model sees', () => {
  expect(shrinkOf({ width: 4000, height: 3000 }, fast)).toBe(8);
  expect(shrinkOf({ width: 1632, height: 1224 }, fast)).toBe(4);
  expect(shrinkOf({ width: 4000, height: 3000, spare: 2 }, fast)).toBe(4);
  expect(shrinkOf({ width: 500, height: 500 }, fast)).toBe(1);
  expect(shrinkOf({ width: 4000, height: 3000 }, exact)).toBe(1);
});

describe.each(decoders)('$name', (decoder) => {
  const pixels = async (bytes: Buffer, spec: typeof exact): Promise<Buffer> => {
    const picture = await decoder.decode(bytes, spec, 'large.jpg');
    if (!picture.ok) throw new Error(picture.fault.message);
    expect(picture.value).toMatchObject({ outWidth: 224, outHeight: 224 });
    return Buffer.from(picture.value.pixels);
  };
  test.each(['as it is', 'turned by its EXIF orientation'])(
    'the fast way is close to the exact one: %s',
    async (which) => {
      const bytes = which === 'as it is' ? large : turned;
      const [one, other] = [await pixels(bytes, exact), await pixels(bytes, fast)];
      const off = one.map((value, at) => Math.abs(value - other[at]!));
      expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(1.5);
      expect(Buffer.compare(one, other)).not.toBe(0);
    },
  );

  test('sizes and the square are those of the whole picture', async () => {
    const [one, other] = await Promise.all([
      decoder.decode(large, exact, 'large.jpg'),
      decoder.decode(large, fast, 'large.jpg'),
    ]);
    if (!one.ok || !other.ok) throw new Error('not decoded');
    expect({ ...other.value, pixels: 0 }).toEqual({ ...one.value, pixels: 0 });
  });
});
