import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { Manifest } from '../../contract/packs/manifest.ts';
import { decodeSpec } from '../../main/worker/preprocess.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { readContent } from '../../main/worker/source.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { newFolder } from '../temp/folder.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
const manifest = Manifest.parse(
  JSON.parse(
    readFileSync(
      path.join(import.meta.dirname, '..', '..', 'models', 'efficientnet-lite0', 'manifest.json'),
      'utf8',
    ),
  ),
);
const spec = decodeSpec(manifest.preprocessing);
const whole = { ...spec, crop: null, resize: null };
const golden = JSON.parse(readFileSync(path.join(fixtures, 'golden', 'photos.json'), 'utf8')) as {
  photos: Record<string, { mean_rgb: number[] }>;
};
const decoders = [sharpDecoder(), await vipsDecoder()];
const bytesOf = (file: string): Buffer => readFileSync(path.join(fixtures, file));
const chelsea = bytesOf('photos/chelsea.png');

async function pixelsOf(
  decoder: (typeof decoders)[number],
  bytes: Uint8Array,
  wanted = spec,
): Promise<Buffer> {
  const picture = await decoder.decode(bytes, wanted, 'picture');
  if (!picture.ok) throw new Error(picture.fault.message);
  return Buffer.from(picture.value.pixels);
}

function bmpOf(rgb: Buffer, width: number, height: number): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bmp = Buffer.alloc(54 + stride * height);
  bmp.write('BM');
  for (const [at, value] of [
    [2, bmp.byteLength],
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
  ] as const)
    bmp.writeUInt32LE(value, at);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let channel = 0; channel < 3; channel += 1)
        bmp[54 + stride * (height - 1 - row) + 3 * column + 2 - channel] =
          rgb[3 * (width * row + column) + channel]!;
    }
  }
  return bmp;
}

describe.each(decoders)('$name', (decoder) => {
  it.each(Object.entries(golden.photos).filter(([file]) => !file.includes('cmyk')))(
    'mean colour of %s',
    async (file, { mean_rgb: wanted }) => {
      const pixels = await pixelsOf(decoder, bytesOf(file), whole);
      const sums = [0, 0, 0];
      for (let index = 0; index < pixels.length; index += 1) sums[index % 3]! += pixels[index]!;
      for (const [channel, sum] of sums.entries())
        expect(Math.abs((3 * sum) / pixels.length - wanted[channel]!)).toBeLessThanOrEqual(1.5);
    },
  );

  it('reads all eight orientations as one picture', async () => {
    const upright = await pixelsOf(decoder, chelsea);
    // How the stored pixels are turned so that the orientation tag turns them back: mirror, then clockwise degrees.
    const stored = [
      [1, false, 0],
      [2, true, 0],
      [3, false, 180],
      [4, true, 180],
      [5, true, 270],
      [6, false, 270],
      [7, true, 90],
      [8, false, 90],
    ] as const;
    for (const [orientation, isMirrored, degrees] of stored) {
      const mirrored = await sharp(chelsea).flop(isMirrored).png().toBuffer();
      const turned = await sharp(mirrored)
        .rotate(degrees)
        .withMetadata({ orientation })
        .tiff({ compression: 'lzw' })
        .toBuffer();
      expect(Buffer.compare(await pixelsOf(decoder, turned), upright), `orientation ${orientation}`).toBe(0);
    }
  });

  it('reads BMP as the same pixels', async () => {
    const { data, info } = await sharp(chelsea).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(
      Buffer.compare(
        await pixelsOf(decoder, bmpOf(data, info.width, info.height)),
        await pixelsOf(decoder, chelsea),
      ),
    ).toBe(0);
  });

  it('names what is wrong', async () => {
    const codeOf = async (bytes: Uint8Array) => {
      const picture = await decoder.decode(bytes, spec, 'a.jpg');
      return picture.ok ? null : picture.fault;
    };
    expect(await codeOf(bytesOf('bad/text.jpg'))).toMatchObject({ code: 'not-a-picture' });
    expect(await codeOf(bytesOf('bad/claims-60000x60000.png'))).toMatchObject({
      code: 'image-too-large',
      params: { width: 60000, height: 60000 },
    });
    expect(await codeOf(bytesOf('bad/truncated.jpg'))).toMatchObject({
      code: 'image-unreadable',
      params: { reason: 'the file ends after 45,010 bytes, before the picture does' },
    });
    expect(await codeOf(bmpOf(Buffer.alloc(300), 10, 10).subarray(0, 200))).toMatchObject({
      code: 'image-unreadable',
    });
  });
});

it.each(['AVIF', 'palette PNG', '16-bit RGB PNG'])(
  'both decoders give the same bytes for %s',
  async (kind) => {
    const source = sharp(chelsea);
    const made =
      kind === 'AVIF'
        ? source.avif({ quality: 80 })
        : kind === 'palette PNG'
          ? source.png({ palette: true })
          : source.toColourspace('rgb16').png();
    const bytes = await made.toBuffer();
    const [one, other] = [await pixelsOf(decoders[0]!, bytes), await pixelsOf(decoders[1]!, bytes)];
    expect(Buffer.compare(one, other)).toBe(0);
  },
);

describe('files', () => {
  const folder = newFolder('worker');
  const codeOf = async (file: string) => {
    const content = await readContent(file, 'a.jpg');
    return content.ok ? 'read' : content.fault.code;
  };
  it('are named when empty, absent, or no files at all', async () => {
    expect(await codeOf(path.join(fixtures, 'bad', 'empty.jpg'))).toBe('file-empty');
    expect(await codeOf(path.join(folder, 'gone.jpg'))).toBe('file-not-found');
    expect(await codeOf(folder)).toBe('not-a-file');
    writeFileSync(path.join(folder, 'here.jpg'), 'x');
    expect(await codeOf(path.join(folder, 'here.jpg'))).toBe('read');
  });
  it('that change while they are read are told so, not answered half', async () => {
    const file = path.join(folder, 'growing.jpg');
    for (const change of [
      () => appendFileSync(file, 'more'),
      () => truncateSync(file, 5),
      () => utimesSync(file, 1, 1),
    ]) {
      writeFileSync(file, Buffer.alloc(3e6, 1));
      // Opened and looked at in this turn; its bytes come in a later one.
      const reading = codeOf(file);
      change();
      expect(await reading).toBe('file-changed');
    }
  });
  it('replaced by another under the same name are answered as they were opened', async () => {
    const file = path.join(folder, 'replaced.jpg');
    writeFileSync(file, 'old');
    const reading = readContent(file, 'a.jpg');
    writeFileSync(`${file}.new`, 'new');
    renameSync(`${file}.new`, file);
    const content = await reading;
    expect(content.ok && Buffer.from(content.value.bytes).toString()).toBe('old');
  });
  it.skipIf(process.platform === 'win32')('are not waited for when they are pipes or devices', async () => {
    const pipe = path.join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [pipe]);
    expect(await codeOf(pipe)).toBe('not-a-file');
    expect(await codeOf('/dev/zero')).toBe('not-a-file');
  });
});
