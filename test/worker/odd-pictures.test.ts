import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Picture } from '../../main/worker/decoder.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { samplesOf, tiffBytes, type TiffSpec } from '../fixtures/picture-bytes.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
const bytesOf = (file: string): Buffer => readFileSync(path.join(fixtures, file));
const whole = { background: [255, 255, 255] as const, crop: null, resize: null };
const square = {
  background: [255, 255, 255] as const,
  crop: 0.875,
  resize: {
    op: 'resize' as const,
    width: 64,
    height: 64,

    kernel: 'cubic' as const,
  },
};
const decoders = [sharpDecoder(), await vipsDecoder()];

/** What both say, each by the whole picture and by the square that a model sees; to be one and the same. */
async function decoded(bytes: Buffer, name = 'picture'): Promise<Outcome<Picture>> {
  const output: Outcome<Picture>[] = [];
  for (const spec of [whole, square]) {
    const [one, other] = [
      await decoders[0]!.decode(bytes, spec, name),
      await decoders[1]!.decode(bytes, spec, name),
    ];
    expect(other.ok ? { ...other.value, pixels: null } : other).toEqual(
      one.ok ? { ...one.value, pixels: null } : one,
    );
    if (one.ok && other.ok) expect(Buffer.compare(one.value.pixels, other.value.pixels)).toBe(0);
    output.push(one);
  }
  expect(output[1]!.ok).toBe(output[0]!.ok);
  return output[0]!;
}
async function pixelsOf(bytes: Buffer): Promise<Buffer> {
  const outcome = await decoded(bytes);
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return Buffer.from(outcome.value.pixels);
}
async function faultOf(bytes: Buffer, name?: string): Promise<{ code: string; message: string }> {
  const outcome = await decoded(bytes, name);
  if (outcome.ok) throw new Error('it was answered');
  return outcome.fault;
}

const [width, height] = [40, 30];
/** A ramp from left to right, 0 to 1, of so many samples a pixel. */
const ramp = (samples: number, valueOf: (share: number, sample: number) => number): number[] =>
  Array.from({ length: width * height * samples }, (_, at) =>
    valueOf((Math.floor(at / samples) % width) / (width - 1), at % samples),
  );
const tiff = (
  kind: Parameters<typeof samplesOf>[0],
  values: number[],
  more: Partial<TiffSpec> = {},
): Buffer =>
  tiffBytes(
    {
      width,
      height,
      samples: values.length / (width * height),
      bits: Number(kind.slice(1)),
      sampleFormat: kind[0] === 'U' ? 1 : kind[0] === 'I' ? 2 : 3,
      photometric: values.length === width * height ? 1 : 2,
      ...more,
    },
    samplesOf(kind, values),
  );
const byte = (share: number): number => share * 255;
const upper = (share: number): number => share * 65_535;

describe('samples that are read', () => {
  it.each([
    ['8-bit grey', tiff('U8', ramp(1, byte))],
    ['8-bit RGB, Deflate, in strips', tiff('U8', ramp(3, byte), { compression: 8, rowsPerStrip: 7 })],
    [
      '8-bit grey, white is zero',
      tiff(
        'U8',
        ramp(1, (share) => 255 - byte(share)),
        { photometric: 0 },
      ),
    ],
    ['16-bit grey, by its upper 8 bits', tiff('U16', ramp(1, upper))],
    ['16-bit RGB', tiff('U16', ramp(3, upper))],
    [
      '8-bit palette',
      tiff('U8', ramp(1, byte), {
        photometric: 3,
        palette: Array.from({ length: 768 }, (_, at) => (at % 256) * 257),
      }),
    ],
  ])('TIFF: %s', async (_, bytes) => {
    const pixels = await pixelsOf(bytes);
    for (let x = 0; x < width; x += 1)
      for (let channel = 0; channel < 3; channel += 1)
        expect(Math.abs(pixels[3 * (5 * width + x) + channel]! - byte(x / (width - 1)))).toBeLessThanOrEqual(
          1.5,
        );
  });

  it.each([
    [
      '8-bit RGB with alpha',
      tiff(
        'U8',
        ramp(4, (_, at) => (at === 3 ? 0 : 10)),
        { extraSamples: 2 },
      ),
    ],
    [
      '16-bit RGB with alpha',
      tiff(
        'U16',
        ramp(4, (_, at) => (at === 3 ? 0 : 2000)),
        { extraSamples: 2 },
      ),
    ],
    [
      '16-bit grey with alpha',
      tiff(
        'U16',
        ramp(2, (_, at) => (at === 1 ? 0 : 2000)),
        { extraSamples: 2, photometric: 1 },
      ),
    ],
  ])('what is transparent is white: %s', async (_, bytes) => {
    // 255 × 256 of 65,535 is 254 by the upper 8 bits of some.
    expect((await pixelsOf(bytes)).every((value) => value >= 254)).toBe(true);
  });

  it('1 bit', async () => {
    const rows = Buffer.alloc((width / 8) * height, 0b11110000);
    const pixels = await pixelsOf(tiffBytes({ width, height, samples: 1, bits: 1, photometric: 1 }, rows));
    expect([pixels[0], pixels[3 * 3], pixels[3 * 4], pixels[3 * 7]]).toEqual([255, 255, 0, 0]);
  });

  it('CMYK', async () => {
    const pixels = await pixelsOf(
      tiff(
        'U8',
        ramp(4, (_, at) => (at === 1 ? 255 : 0)),
        { photometric: 5 },
      ),
    );
    const [red = 0, green = 0, blue = 0] = pixels;
    expect(red).toBeGreaterThan(180);
    expect(green).toBeLessThan(80);
    expect(blue).toBeGreaterThan(80);
  });

  const coffee = sharp(bytesOf('variants/coffee-alpha.png')).resize(48, 32);
  it.each([
    ['16-bit PNG with alpha', () => coffee.clone().toColourspace('rgb16').png().toBuffer()],
    ['interlaced PNG', () => coffee.clone().png({ progressive: true }).toBuffer()],
    ['palette PNG with alpha', () => coffee.clone().png({ palette: true }).toBuffer()],
    ['grey PNG with alpha', () => coffee.clone().greyscale().png().toBuffer()],
    ['lossless WebP with alpha', () => coffee.clone().webp({ lossless: true }).toBuffer()],
    ['GIF', () => coffee.clone().gif().toBuffer()],
    ['progressive JPEG', () => coffee.clone().flatten().jpeg({ progressive: true }).toBuffer()],
    [
      'JPEG with restart markers of another size',
      () => coffee.clone().flatten().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
    ],
    ['tiled TIFF', () => coffee.clone().tiff({ tile: true, compression: 'lzw' }).toBuffer()],
    ['JPEG in a TIFF', () => coffee.clone().flatten().tiff({ compression: 'jpeg' }).toBuffer()],
  ])('%s', async (_, make) => {
    const pixels = await pixelsOf(await make());
    expect(pixels.length).toBe(48 * 32 * 3);
    expect(new Set(pixels).size).toBeGreaterThan(50);
  });

  it('of several pictures, the first: pages of a TIFF, a sequence of AVIF', async () => {
    const chelsea = bytesOf('photos/chelsea.png');
    const negative = await sharp(chelsea).negate().png().toBuffer();
    const pages = await sharp([chelsea, negative], { join: { animated: true } })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    expect((await sharp(pages).metadata()).pages).toBe(2);
    expect(Buffer.compare(await pixelsOf(pages), await pixelsOf(chelsea))).toBe(0);
    const outcome = await decoded(bytesOf('variants/chelsea-sequence.avif'));
    expect(outcome).toMatchObject({ ok: true, value: { width: 96, height: 64 } });
    const pixels = outcome.ok ? outcome.value.pixels : new Uint8Array();
    const first = await sharp(bytesOf('photos/chelsea.png'))
      .resize(96, 64, { fit: 'fill' })
      .removeAlpha()
      .raw()
      .toBuffer();
    const off = pixels.reduce((sum, value, at) => sum + Math.abs(value - first[at]!), 0) / pixels.length;
    expect(off).toBeLessThan(8);
  });
});

describe('samples that no rule turns into colours are refused with the reason', () => {
  it.each([
    [
      'signed 8-bit',
      tiff(
        'I8',
        ramp(1, (share) => share * 127),
      ),
      'signed 8-bit whole numbers',
    ],
    [
      'signed 16-bit',
      tiff(
        'I16',
        ramp(1, (share) => share * 32_767),
      ),
      'signed 16-bit whole numbers',
    ],
    [
      'signed 16-bit RGB',
      tiff(
        'I16',
        ramp(3, (share) => share * 32_767),
      ),
      'signed 16-bit whole numbers',
    ],
    [
      '32-bit',
      tiff(
        'U32',
        ramp(1, (share) => share * 4e9),
      ),
      '32-bit whole numbers',
    ],
    [
      'signed 32-bit',
      tiff(
        'I32',
        ramp(3, (share) => share * 2e9),
      ),
      'signed 32-bit whole numbers',
    ],
    [
      'float grey',
      tiff(
        'F32',
        ramp(1, (share) => share),
      ),
      '32-bit floating-point numbers',
    ],
    [
      'float RGB',
      tiff(
        'F32',
        ramp(3, (share) => share),
      ),
      '32-bit floating-point numbers',
    ],
    [
      'double',
      tiff(
        'F64',
        ramp(1, (share) => share),
      ),
      'samples out of range',
    ],
    ['five channels', tiff('U8', ramp(5, byte), { extraSamples: 0 }), '5 channels'],
    ['16-bit CMYK', tiff('U16', ramp(4, upper), { photometric: 5 }), '4 channels (cmyk)'],
    ['Lab', tiff('U16', ramp(3, upper), { photometric: 8 }), 'colours of the space LABS'],
    ['LZMA', tiff('U8', ramp(1, byte), { compression: 34_925 }), 'its compression LZMA is not read here'],
    [
      'Zstandard',
      tiff('U8', ramp(1, byte), { compression: 50_000 }),
      'its compression ZSTD is not read here',
    ],
  ])('TIFF: %s', async (_, bytes, reason) => {
    const { code, message } = await faultOf(bytes);
    expect(code).toBe('image-unreadable');
    expect(message).toContain(reason);
  });

  it('JPEG of 12 bits, and JPEG-LS, which begin as any JPEG', async () => {
    const frame = (marker: number, precision: number): Buffer =>
      Buffer.from([0xff, 0xd8, 0xff, marker, 0, 11, precision, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff, 0xd9]);
    expect((await faultOf(frame(0xc1, 12), 'a.jpg')).message).toBe(
      'a.jpg is a JPEG of 12 bits, which is not read here.',
    );
    expect(await faultOf(frame(0xf7, 8))).toMatchObject({
      code: 'format-not-read',
      params: { format: 'JPEG-LS' },
    });
  });
});

describe('nothing but the offered formats reaches the library', () => {
  it.each([
    [
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
      'SVG',
    ],
    ['\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf', 'HEIC'],
    ['%PDF-1.4\n', 'PDF'],
    ['P6\n1 1\n255\nabc', 'PNM'],
    ['#?RADIANCE\n', 'Radiance HDR'],
  ])('%#: %s', async (text, format) => {
    expect(await faultOf(Buffer.from(text, 'latin1'))).toMatchObject({
      code: 'format-not-read',
      params: { format },
    });
  });

  it('not by the library itself either', async () => {
    const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(sharp(drawing).png().toBuffer()).rejects.toThrow(/unsupported image format/u);
    await expect(sharp(Buffer.from('P6\n1 1\n255\nabc', 'latin1')).png().toBuffer()).rejects.toThrow();
  });
});
