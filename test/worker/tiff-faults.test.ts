import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { readTiff } from '../../main/worker/tiff-file.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';

const whole = { background: [255, 255, 255] as const, crop: null, resize: null };
const decoders = [sharpDecoder(), await vipsDecoder()];
const picture = sharp({ create: { width: 90, height: 70, channels: 3, background: '#4080c0' } });
const plain = await picture.clone().tiff({ compression: 'none' }).toBuffer();
const tiled = await picture.clone().tiff({ compression: 'deflate', tile: true }).toBuffer();
const big = await picture.clone().tiff({ compression: 'lzw', bigtiff: true }).toBuffer();

/** The same file with another number in its compression tag. */
function claims(compression: number): Buffer {
  const bytes = Buffer.from(plain);
  const directory = bytes.readUInt32LE(4);
  for (let entry = directory + 2; ; entry += 12)
    if (bytes.readUInt16LE(entry) === 259) {
      bytes.writeUInt16LE(compression, entry + 8);
      return bytes;
    }
}

describe.each(decoders)('a TIFF through $name', (decoder) => {
  const faultOf = async (bytes: Buffer): Promise<string> => {
    const outcome = await decoder.decode(bytes, whole, 'a.tif');
    return outcome.ok ? 'answered' : `${outcome.fault.code}: ${outcome.fault.message}`;
  };

  it.each([
    [34_925, 'LZMA'],
    [50_000, 'ZSTD'],
    [34_887, 'LERC'],
  ])('whose compression %i is none that is read names it', async (number, name) => {
    expect(await faultOf(claims(number))).toBe(
      `image-unreadable: a.tif could not be read: its compression ${name} is not read here.`,
    );
  });

  it('that is cut says so', async () => {
    const cut = plain.subarray(0, plain.byteLength - 4000);
    expect(await faultOf(cut)).toMatch(/^image-unreadable: .*the file ends after [\d,]+ bytes/u);
  });

  it.each([
    ['plain', plain],
    ['in tiles', tiled],
    ['a BigTIFF', big],
  ])('%s is answered', async (_, bytes) => {
    expect(await faultOf(bytes)).toBe('answered');
  });
});

describe('the directory of a TIFF', () => {
  it.each([
    ['plain', plain],
    ['in tiles', tiled],
    ['a BigTIFF', big],
  ])('%s is whole, and no part of it may be missing', (_, bytes) => {
    expect(readTiff(bytes)).toEqual({ isCut: false, rareCompression: null });
    // Behind the directory only its resolution may stand, which no picture needs.
    for (let size = 0; size < bytes.byteLength - 200; size += 97)
      expect(readTiff(bytes.subarray(0, size)).isCut, `${size} bytes`).toBe(true);
  });

  it('that claims a heap of strips costs nothing', () => {
    const bytes = Buffer.from(plain);
    const directory = bytes.readUInt32LE(4);
    for (let entry = directory + 2; ; entry += 12)
      if (bytes.readUInt16LE(entry) === 273) {
        bytes.writeUInt32LE(0x7fff_ffff, entry + 4);
        break;
      }
    expect(readTiff(bytes).rareCompression).toBeNull();
  });
});
