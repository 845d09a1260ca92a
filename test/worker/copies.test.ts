import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { CopyRequest } from '../../contract/pictures/picture-copy.ts';
import { readCamera } from '../../main/worker/camera/index.ts';
import { makeCopy } from '../../main/worker/copies/index.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { exifBlock, fullBlock, withBlock } from './exif-blocks.ts';

/* Copies are read back by sharp, whichever decoder made them. */

const xmp = Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude="1,17.4S"/>');
const second = Buffer.from('a second picture behind the first, with a place of its own');

/** 200 × 100, noise of many colours, so that what is blurred can be told; turned by its EXIF to 100 × 200. */
async function photo(): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: 200 * 100 * 3 }, (_, at) => (at * 7919) % 251));
  const jpeg = await sharp(pixels, { raw: { width: 200, height: 100, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
  return Buffer.concat([withBlock(jpeg, exifBlock(fullBlock), [[0xe1, xmp]]), second]);
}
const plain: CopyRequest = { width: 100, height: 200, marks: [], blurs: [], exif: 'keep' };

describe.each([sharpDecoder(), await vipsDecoder()])('copies by $name', (decoder) => {
  const copyOf = async (bytes: Uint8Array, request: Partial<CopyRequest>): Promise<Buffer> => {
    const made = await makeCopy(decoder, bytes, { request: { ...plain, ...request }, name: 'a.jpg' });
    if (!made.ok) throw new Error(made.fault.message);
    return Buffer.from(made.value);
  };
  const cameraIn = async (copy: Buffer) => {
    const { exif } = await sharp(copy).metadata();
    return exif ? readCamera(exif) : null;
  };

  it('keep a JPEG as it is, byte for byte', async () => {
    const bytes = await photo();
    expect((await copyOf(bytes, {})).equals(bytes)).toBe(true);
  });

  it('lose their place and nothing of their pixels', async () => {
    const bytes = await photo();
    const copy = await copyOf(bytes, { exif: 'no-place' });
    expect(await cameraIn(copy)).toEqual({
      takenAt: '2026-05-01T23:59:30',
      offset: '+02:00',
      make: 'Acme',
      model: 'Trail 5',
      serial: 'SN-77',
      orientation: 6,
      temperatureC: -3.5,
    });
    for (const hidden of ['xmpmeta', 'second picture', 'note of the maker', 'small picture'])
      expect(copy.includes(hidden)).toBe(false);
    const pixels = await sharp(copy).raw().toBuffer();
    expect(pixels.equals(await sharp(bytes).raw().toBuffer())).toBe(true);
    // The degrees themselves: 1, 17, 24 and 36, 49, 12 as fractions.
    const degrees = Buffer.alloc(8);
    degrees.writeUInt32LE(2400, 0);
    degrees.writeUInt32LE(100, 4);
    expect(bytes.includes(degrees)).toBe(true);
    expect(copy.includes(degrees)).toBe(false);
  });

  it('say no more than which way is up, where all is stripped', async () => {
    const copy = await copyOf(await photo(), { exif: 'strip' });
    expect(await cameraIn(copy)).toEqual({ orientation: 6 });
    expect(copy.includes('Acme')).toBe(false);
    expect((await sharp(copy).metadata()).autoOrient).toEqual({ width: 100, height: 200 });
  });

  it('with boxes are upright, and the boxes are drawn where they are', async () => {
    const copy = await copyOf(await photo(), {
      marks: [{ box: [20, 40, 80, 160], index: 0, text: 'wolf 91 %' }],
    });
    const { data, info } = await sharp(copy).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([100, 200]);
    expect(await cameraIn(copy)).toMatchObject({ orientation: 1, make: 'Acme', latitude: -1.29 });
    expect(copy.includes('small picture')).toBe(false);
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * 100 + x) * 3, (y * 100 + x) * 3 + 3),
    ];
    const [red = 0, green = 0, blue = 0] = at(50, 159);
    expect(red > 180 && green > 170 && blue < 150).toBe(true);
    expect(Math.max(...at(50, 161))).toBeLessThan(110);
  });

  it('with people have large squares of one colour in their place, and no small picture of them', async () => {
    const copy = await copyOf(await photo(), { blurs: [[20, 40, 80, 160]] });
    const spread = async (left: number, top: number): Promise<number> => {
      const part = await sharp(copy).extract({ left, top, width: 8, height: 8 }).png().toBuffer();
      const { channels } = await sharp(part).stats();
      return Math.max(...channels.map(({ stdev }) => stdev));
    };
    // Squares are 12 wide from 14, 28 on.
    expect(await spread(40, 90)).toBeLessThan(8);
    expect(await spread(2, 2)).toBeGreaterThan(20);
    for (const hidden of ['small picture', 'note of the maker']) expect(copy.includes(hidden)).toBe(false);
    expect(await cameraIn(copy)).toMatchObject({ make: 'Acme', latitude: -1.29 });
  });

  it('of other pictures are JPEGs, and what is no picture is a fault', async () => {
    const png = await sharp(await photo())
      .png()
      .toBuffer();
    expect((await sharp(await copyOf(png, { exif: 'strip' })).metadata()).format).toBe('jpeg');
    const bad = await makeCopy(decoder, Buffer.from('no picture at all'), { request: plain, name: 'a.jpg' });
    expect(bad.ok).toBe(false);
  });
});
