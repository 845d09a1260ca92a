import { describe, expect, it } from 'vitest';
import { openPicture } from '../../main/worker/picture-file.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { bmpBytes, type BmpSpec } from '../fixtures/picture-bytes.ts';

const whole = { background: [255, 255, 255] as const, crop: null, resize: null };
const decoders = [sharpDecoder(), await vipsDecoder()];
const [width, height] = [5, 3];
const colours = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
] as const;
const colourAt = (x: number, y: number): (typeof colours)[number] => colours[(x + 2 * y) % 4]!;
const wanted = Buffer.from(
  Array.from({ length: width * height }, (_, at) => colourAt(at % width, Math.floor(at / width))).flat(),
);
const packed = (shifts: readonly [number, number, number], bits: readonly [number, number, number]) => {
  return (x: number, y: number): number =>
    colourAt(x, y).reduce<number>(
      (sum, value, channel) => sum + Math.floor(value / 2 ** (8 - bits[channel]!)) * 2 ** shifts[channel]!,
      0,
    );
};

describe.each(decoders)('BMP through $name', (decoder) => {
  const decode = (bytes: Buffer) => decoder.decode(bytes, whole, 'a.bmp');

  it.each<[string, Omit<BmpSpec, 'width' | 'height'>, (x: number, y: number) => number]>([
    ['24 bits', { depth: 24 }, packed([16, 8, 0], [8, 8, 8])],
    ['24 bits with the header of OS/2', { depth: 24, headerSize: 12 }, packed([16, 8, 0], [8, 8, 8])],
    ['32 bits', { depth: 32 }, packed([16, 8, 0], [8, 8, 8])],
    [
      '32 bits, masks in the usual order',
      { depth: 32, compression: 3, masks: [0xff0000, 0xff00, 0xff] },
      packed([16, 8, 0], [8, 8, 8]),
    ],
    [
      '32 bits, masks the other way round',
      { depth: 32, compression: 3, masks: [0xff, 0xff00, 0xff0000] },
      packed([0, 8, 16], [8, 8, 8]),
    ],
    [
      '32 bits, masks in the upper bytes of a large header',
      { depth: 32, compression: 3, headerSize: 124, masks: [0xff000000, 0xff0000, 0xff00] },
      packed([24, 16, 8], [8, 8, 8]),
    ],
    ['16 bits, 5 each', { depth: 16 }, packed([10, 5, 0], [5, 5, 5])],
    [
      '16 bits, masks of 5, 6 and 5',
      { depth: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f] },
      packed([11, 5, 0], [5, 6, 5]),
    ],
    ['a palette of 8 bits', { depth: 8, palette: colours }, (x, y) => (x + 2 * y) % 4],
    ['a palette of 4 bits', { depth: 4, palette: colours }, (x, y) => (x + 2 * y) % 4],
    ['a palette of OS/2', { depth: 8, headerSize: 12, palette: colours }, (x, y) => (x + 2 * y) % 4],
  ])('%s', async (_, spec, value) => {
    for (const rows of spec.headerSize === 12 ? [height] : [height, -height]) {
      const picture = await decode(bmpBytes({ ...spec, width, height: rows }, value));
      if (!picture.ok) throw new Error(picture.fault.message);
      expect(Buffer.from(picture.value.pixels)).toEqual(wanted);
    }
  });

  it('a palette of 1 bit', async () => {
    const palette = [colours[0], colours[2]];
    const picture = await decode(bmpBytes({ width: 9, height: 1, depth: 1, palette }, (x) => x % 2));
    if (!picture.ok) throw new Error(picture.fault.message);
    expect(Array.from(picture.value.pixels.subarray(0, 6))).toEqual([255, 0, 0, 0, 0, 255]);
  });

  it.each<[string, Buffer, string, string]>([
    [
      'run lengths',
      bmpBytes({ width, height, depth: 8, compression: 1, palette: colours }, () => 0),
      'format-not-read',
      'a compressed BMP',
    ],
    [
      'masks that overlap',
      bmpBytes({ width, height, depth: 32, compression: 3, masks: [0xff, 0xff, 0xff00] }, () => 0),
      'image-unreadable',
      'in an order that no BMP has',
    ],
    [
      'masks with a hole',
      bmpBytes({ width, height, depth: 32, compression: 3, masks: [0xf0f, 0xff0000, 0xff000000] }, () => 0),
      'image-unreadable',
      'in an order that no BMP has',
    ],
    [
      'a cut',
      bmpBytes({ width, height, depth: 24 }, () => 0).subarray(0, 80),
      'image-unreadable',
      'the file ends after 80 bytes',
    ],
    ['no width', bmpBytes({ width: 0, height, depth: 24 }, () => 0), 'image-unreadable', '0 × 3 pixels'],
  ])('%s is refused', async (_, bytes, code, args) => {
    const outcome = await decode(bytes);
    expect(outcome.ok ? 'answered' : outcome.fault.code).toBe(code);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(args);
  });

  it('a size that no memory holds is refused by its header', async () => {
    const bytes = bmpBytes({ width, height, depth: 24 }, () => 0);
    bytes.writeInt32LE(60_000, 18);
    bytes.writeInt32LE(-60_000, 22);
    expect(await decode(bytes)).toMatchObject({ ok: false, fault: { code: 'image-too-large' } });
  });
});

it.each([1, 4, 8, 16, 24, 32] as const)(
  'of %i bits a pixel, what is handed to the library is a small multiple of the file',
  (depth) => {
    const bytes = bmpBytes(
      { width: 1001, height: 300, depth, ...(depth <= 8 && { palette: colours.slice(0, 2) }) },
      (x) => x % 2,
    );
    const file = openPicture(bytes, 'a.bmp');
    if (!file.ok) throw new Error(file.fault.message);
    expect(file.value.bytes.byteLength).toBeLessThan(1.6 * bytes.byteLength + 2000);
  },
);
