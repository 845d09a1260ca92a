import path from 'node:path';
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
const photo = sharp(path.join(import.meta.dirname, '../fixtures/photos/coffee.png')).resize(300, 200);
const jpegs: Readonly<Record<string, Buffer>> = {
  'in strips': await photo.clone().tiff({ compression: 'jpeg' }).toBuffer(),
  'in tiles': await photo
    .clone()
    .tiff({ compression: 'jpeg', tile: true, tileWidth: 64, tileHeight: 64 })
    .toBuffer(),
  'in greys': await photo.clone().greyscale().tiff({ compression: 'jpeg' }).toBuffer(),
  'in four inks': await photo.clone().toColourspace('cmyk').tiff({ compression: 'jpeg' }).toBuffer(),
  'as a BigTIFF': await photo.clone().tiff({ compression: 'jpeg', bigtiff: true }).toBuffer(),
};
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

  it.each([['plain', plain], ['in tiles', tiled], ['a BigTIFF', big], ...Object.entries(jpegs)])(
    '%s is answered',
    async (_, bytes) => {
      expect(await faultOf(bytes)).toBe('answered');
    },
  );

  describe.each(Object.entries(jpegs))('of JPEGs %s', (_, bytes) => {
    // The one with the most in it: halves of an even tile say the same.
    const [part] = [...(readTiff(bytes).jpegs ?? [])].toSorted((one, other) => other.length - one.length);
    const data = part!.subarray(-dataBytes(part!));
    const damaged = (change: (there: Buffer) => void): Buffer => {
      const copy = Buffer.from(bytes);
      const from = copy.indexOf(data);
      change(copy.subarray(from, from + data.length));
      return copy;
    };
    const refusal = /^image-unreadable: a\.tif could not be read: its data are damaged/u;

    it('one that breaks off is refused, and not answered with rows that were made up', async () => {
      const cut = damaged((there) => there.fill(0, there.length >> 1));
      expect(await faultOf(cut)).toBe(
        'image-unreadable: a.tif could not be read: its data are damaged (premature end of data segment).',
      );
    });

    it('one that ends in the middle is refused', async () => {
      const ended = damaged((there) => there.set([0xff, 0xd9], there.length >> 1));
      expect(await faultOf(ended)).toMatch(refusal);
    });

    it('a thumbnail of it is refused too', async () => {
      const cut = damaged((there) => there.fill(0, there.length >> 1));
      const outcome = await decoder.thumbnail(cut, 64, 'a.tif');
      expect(outcome.ok ? 'answered' : `${outcome.fault.code}: ${outcome.fault.message}`).toMatch(refusal);
    });
  });
});

/** Length of what stands behind the header of the last scan, the marker at its end included. */
function dataBytes(jpeg: Uint8Array): number {
  const scan = Buffer.from(jpeg).lastIndexOf(Buffer.from([0xff, 0xda]));
  return jpeg.length - scan - 2 - Buffer.from(jpeg).readUInt16BE(scan + 2);
}

describe('the directory of a TIFF', () => {
  it('may name more parts than a call takes arguments', () => {
    const rows = 200_000;
    const lists = 8 + 2 + 12 * 3 + 4;
    const bytes = Buffer.alloc(lists + 8 * rows);
    bytes.write('II*\0\x08\0\0\0', 'latin1');
    bytes.writeUInt16LE(3, 8);
    const entries = [
      [259, 3, 1, 1],
      [273, 4, rows, lists],
      [279, 4, rows, lists + 4 * rows],
    ];
    for (const [index, [tag, type, count, value]] of entries.entries()) {
      const at = 10 + 12 * index;
      bytes.writeUInt16LE(tag!, at);
      bytes.writeUInt16LE(type!, at + 2);
      bytes.writeUInt32LE(count!, at + 4);
      bytes.writeUInt32LE(value!, at + 8);
    }
    expect(readTiff(bytes)).toEqual({ isCut: false, rareCompression: null, jpegs: null });
  });

  it.each([
    ['plain', plain],
    ['in tiles', tiled],
    ['a BigTIFF', big],
  ])('%s is whole, and no part of it may be missing', (_, bytes) => {
    expect(readTiff(bytes)).toEqual({ isCut: false, rareCompression: null, jpegs: null });
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
