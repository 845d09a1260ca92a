import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  identifyPicture,
  mediaTypeOf,
  pictureHeadBytes,
  pictureRefusal,
} from '../../../contract/pictures/picture-format.ts';
import { isAnyPictureName, isPictureName } from '../../../contract/pictures/pictures.ts';
import { hasRawName, isRawTiff } from '../../../contract/pictures/raw-format.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const padded = (text: string, length = 64): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.write(text, 'latin1');
  return bytes;
};
/** An `ftyp` box of these brands, the major one first. */
const brands = (...names: string[]): Buffer => {
  const box = Buffer.alloc(12 + 4 * names.length + 40);
  box.writeUInt32BE(12 + 4 * names.length);
  box.write(`ftyp${names[0]!}\0\0\0\0${names.slice(1).join('')}`, 4, 'latin1');
  return box;
};
type Entry = readonly [tag: number, type: 3 | 4, value: number];
/** A TIFF of directories that follow one another; `at` of the second one can stand as a value. */
function tiff(order: 'II' | 'MM', directories: readonly (readonly Entry[])[], isLinked = true): Buffer {
  const bytes = Buffer.alloc(1024);
  const [u16, u32] =
    order === 'II'
      ? [bytes.writeUInt16LE.bind(bytes), bytes.writeUInt32LE.bind(bytes)]
      : [bytes.writeUInt16BE.bind(bytes), bytes.writeUInt32BE.bind(bytes)];
  bytes.write(order, 'latin1');
  u16(42, 2);
  u32(16, 4);
  for (const [index, entries] of directories.entries()) {
    const at = 16 + 256 * index;
    u16(entries.length, at);
    for (const [row, [tag, type, value]] of entries.entries()) {
      const entry = at + 2 + 12 * row;
      u16(tag, entry);
      u16(type, entry + 2);
      u32(1, entry + 4);
      if (type === 3) u16(value, entry + 8);
      else u32(value, entry + 8);
    }
    const isLast = index === directories.length - 1;
    u32(isLast || !isLinked ? 0 : at + 256, at + 2 + 12 * entries.length);
  }
  return bytes;
}
const plain: readonly Entry[] = [
  [256, 3, 100],
  [259, 3, 1],
  [262, 3, 2],
];

describe('the format of a file, by its first bytes', () => {
  it.each([
    ['photos/rocket.jpg', 'JPEG'],
    ['photos/chelsea.png', 'PNG'],
    ['variants/coffee.webp', 'WebP'],
    ['variants/coffee-first-of-3.gif', 'GIF'],
    ['variants/chelsea.tif', 'TIFF'],
  ] as const)('%s is %s', (file, format) => {
    const bytes = readFileSync(path.join(fixtures, file));
    for (const head of [bytes, bytes.subarray(0, pictureHeadBytes)]) {
      expect(identifyPicture(head)).toEqual({ kind: 'picture', format });
      // Whatever it is called.
      expect(pictureRefusal(head, { name: 'page.pdf' })).toBeNull();
    }
    expect(mediaTypeOf(format)).toBe(`image/${format.toLowerCase()}`);
  });

  it.each([
    [brands('avif', 'avif', 'mif1', 'miaf'), 'AVIF'],
    [brands('avis', 'avif', 'avis', 'msf1'), 'AVIF'],
    [brands('mif1', 'mif1', 'avif', 'miaf'), 'AVIF'],
    [tiff('II', [plain]), 'TIFF'],
    [tiff('MM', [plain, plain]), 'TIFF'],
    // A pyramid: smaller copies below a whole picture.
    [
      tiff(
        'II',
        [
          [...plain, [330, 4, 272]],
          [[254, 4, 1], ...plain],
        ],
        false,
      ),
      'TIFF',
    ],
  ])('%# is read', (bytes, format) => {
    expect(identifyPicture(bytes)).toEqual({ kind: 'picture', format });
  });

  it.each([
    ['HEIC', brands('heic', 'mif1', 'heic')],
    ['HEIC', brands('mif1', 'mif1', 'heic')],
    ['HEIC', brands('hevc', 'msf1', 'hevc')],
    ['HEIF', brands('mif1', 'mif1', 'miaf')],
    ['a video', brands('isom', 'isom', 'mp42')],
    ['a video', brands('qt  ')],
    ['a RAW file of a camera', brands('crx ', 'crx ', 'isom')],
    ['JPEG XL', padded('\xff\x0a\x58\x09')],
    ['JPEG XL', padded('\0\0\0\x0cJXL \r\n\x87\n')],
    ['JPEG 2000', padded('\0\0\0\x0cjP  \r\n\x87\n')],
    ['JPEG 2000', padded('\xff\x4f\xff\x51')],
    ['PDF', padded('%PDF-1.7\n')],
    ['PostScript', padded('%!PS-Adobe-3.0 EPSF-3.0')],
    ['SVG', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG', latin1('\xef\xbb\xbf  <?xml version="1.0"?>\n<!-- drawn -->\n<svg\nwidth="1"/>')],
    ['SVG', Buffer.from('\ufeff<?xml version="1.0"?><svg width="1"/>', 'utf16le')],
    ['a RAW file of a camera', padded('FUJIFILMCCD-RAW 0201')],
    ['a RAW file of a camera', padded('IIU\0\x18\0\0\0')],
    ['a RAW file of a camera', padded('IIRO\x08\0\0\0')],
    ['a RAW file of a camera', padded('II*\0\x10\0\0\0CR\x02\0')],
    // Directories of a camera: a colour filter array, in the first, a sub-directory, or one that follows; DNG.
    ['a RAW file of a camera', tiff('MM', [[[262, 3, 32803]]])],
    [
      'a RAW file of a camera',
      tiff('II', [[[254, 4, 1], ...plain, [330, 4, 272]], [[262, 3, 32803]]], false),
    ],
    ['a RAW file of a camera', tiff('MM', [plain, [[262, 3, 32803]]])],
    ['a RAW file of a camera', tiff('II', [[...plain, [50706, 4, 0x0401]]])],
    ['a RAW file of a camera', tiff('II', [[[259, 3, 34713]]])],
    ['DICOM', Buffer.concat([Buffer.alloc(128), padded('DICM')])],
    ['a Photoshop document', padded('8BPS\0\x01')],
  ])('%s is refused as what it is', (format, bytes) => {
    expect(identifyPicture(bytes)).toEqual({ kind: 'refused', format });
    const why = pictureRefusal(bytes, { name: 'IMG_1.jpeg' });
    expect(why).toMatchObject({ code: 'format-not-read', params: { format } });
    expect(why?.message).toBe(`IMG_1.jpeg is ${format}, which is not read here.`);
    expect(why?.hint).toContain('Save it as an ordinary JPEG');
  });

  it('a name tells a RAW file from the TIFF that its bytes are, and nothing else', () => {
    const bytes = tiff('II', [plain]);
    expect(identifyPicture(bytes, 'DSC_0005.NEF')).toEqual({
      kind: 'refused',
      format: 'a RAW file of a camera',
    });
    expect(identifyPicture(bytes, 'scan.tif')).toEqual({ kind: 'picture', format: 'TIFF' });
    const photo = readFileSync(path.join(fixtures, 'photos', 'rocket.jpg'));
    expect(identifyPicture(photo, 'DSC_0005.NEF')).toEqual({ kind: 'picture', format: 'JPEG' });
  });

  it('BM at the start of a text is no BMP; text and the rest are no pictures', () => {
    const bmp = padded('BM');
    bmp.writeUInt32LE(40, 14);
    expect(identifyPicture(bmp)).toEqual({ kind: 'picture', format: 'BMP' });
    expect(identifyPicture(latin1('BMW drives past the camera trap at night'))).toEqual({ kind: 'text' });
    expect(identifyPicture(latin1('<html><body><svg width="1"/></body></html>'))).toEqual({ kind: 'text' });
    expect(identifyPicture(Buffer.alloc(100))).toEqual({ kind: 'unknown' });
    expect(identifyPicture(new Uint8Array())).toEqual({ kind: 'text' });
    expect(pictureRefusal(latin1('hello'), { name: 'a.jpg', sizeBytes: 45 })).toMatchObject({
      code: 'not-a-picture',
      params: { reason: '45 bytes of text' },
    });
  });

  it('ends for directories that lead to themselves, nowhere, or beyond the end', () => {
    const endless = tiff('II', [plain, plain]);
    endless.writeUInt32LE(16, 272 + 2 + 36);
    expect(isRawTiff(endless)).toBe(false);
    for (let length = 0; length < 300; length += 1)
      expect(isRawTiff(tiff('MM', [plain, plain]).subarray(0, length))).toBe(false);
    const many = Buffer.alloc(64, 0xff);
    many.write('II*\0\x08\0\0\0', 'latin1');
    expect(isRawTiff(many)).toBe(false);
    const big = Buffer.alloc(64, 0xff);
    big.write('II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0', 'latin1');
    expect(isRawTiff(big)).toBe(false);
  });
});

it('names', () => {
  for (const name of ['a.jpg', 'b.JFIF', 'c.mpo', 'd.pjpeg', 'e.jpe', 'f.dib'])
    expect(isPictureName(name)).toBe(true);
  for (const name of ['a.heic', 'b.NEF', 'c.svg']) {
    expect(isPictureName(name)).toBe(false);
    expect(isAnyPictureName(name)).toBe(true);
  }
  expect(isAnyPictureName('.jpg')).toBe(false);
  expect(isAnyPictureName('notes.txt')).toBe(false);
  expect([hasRawName('DSC_0005.NEF'), hasRawName('a.tif')]).toEqual([true, false]);
});
