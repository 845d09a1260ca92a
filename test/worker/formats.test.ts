import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../main/worker/decoder.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { readContent } from '../../main/worker/source.ts';
import { sha256Aside } from '../../main/lib/sha256.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { newFolder } from '../temp/folder.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
const folder = newFolder('formats');
const whole = { background: [255, 255, 255] as const, crop: null, resize: null };
const decoders: Decoder[] = [sharpDecoder(), await vipsDecoder()];
const chelsea = readFileSync(path.join(fixtures, 'photos', 'chelsea.png'));

function bmp(
  rgb: Buffer,
  { width, height, bits, isTopDown }: { width: number; height: number; bits: 24 | 32; isTopDown: boolean },
): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(isTopDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = 54 + stride * (isTopDown ? y : height - 1 - y) + (x * bits) / 8;
      for (let channel = 0; channel < 3; channel += 1)
        file[to + 2 - channel] = rgb[(y * width + x) * 3 + channel]!;
    }
  }
  return file;
}

async function pixelsOf(decoder: Decoder, bytes: Uint8Array) {
  const picture = await decoder.decode(bytes, whole, 'x');
  if (!picture.ok) throw new Error(picture.fault.message);
  return picture.value;
}

describe.each(decoders)('$name', (decoder) => {
  it('turns all eight EXIF orientations into the same picture', async () => {
    const upright = await sharp(chelsea).raw().toBuffer();
    const stored = (turn: (image: Sharp) => Sharp) =>
      turn(sharp(upright, { raw: { width: 451, height: 300, channels: 3 } }));
    const undo: Record<number, (image: Sharp) => Sharp> = {
      1: (i) => i,
      2: (i) => i.flop(),
      3: (i) => i.rotate(180),
      4: (i) => i.flip(),
      5: (i) => i.flip().rotate(90),
      6: (i) => i.rotate(270),
      7: (i) => i.flip().rotate(270),
      8: (i) => i.rotate(90),
    };
    let first: Buffer | null = null;
    for (const [orientation, turn] of Object.entries(undo)) {
      const raw = await stored(turn).raw().toBuffer({ resolveWithObject: true });
      const { width, height } = raw.info;
      const file = await sharp(raw.data, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation: Number(orientation) })
        .png()
        .toBuffer();
      const picture = await pixelsOf(decoder, file);
      expect([picture.width, picture.height]).toEqual([451, 300]);
      first ??= Buffer.from(picture.pixels);
      expect(Buffer.compare(Buffer.from(picture.pixels), first)).toBe(0);
      expect(picture.pixels.every((value, at) => Math.abs(value - upright[at]!) <= 2)).toBe(true);
    }
  });

  it.each(['webp', 'tiff', 'gif', 'avif', 'jpeg', 'png'] as const)('reads %s', async (format) => {
    const picture = await pixelsOf(decoder, await sharp(chelsea).toFormat(format).toBuffer());
    expect([picture.width, picture.height, picture.pixels.length]).toEqual([451, 300, 451 * 300 * 3]);
    const mean = picture.pixels.reduce((sum, value) => sum + value, 0) / picture.pixels.length;
    expect(mean).toBeGreaterThan(105);
    expect(mean).toBeLessThan(125);
  });

  it('reads BMP of 24 and 32 bits, either way up', async () => {
    const raw = await sharp(chelsea).extract({ left: 100, top: 100, width: 5, height: 3 }).raw().toBuffer();
    for (const bits of [24, 32] as const) {
      for (const isTopDown of [false, true]) {
        const file = bmp(raw, { width: 5, height: 3, bits, isTopDown });
        expect(Buffer.from((await pixelsOf(decoder, file)).pixels)).toEqual(raw);
      }
    }
  });

  it('reads a palette with transparency over white', async () => {
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png({ palette: true })
      .toBuffer();
    expect(Array.from((await pixelsOf(decoder, clear)).pixels.subarray(0, 3))).toEqual([255, 255, 255]);
  });

  it('refuses 60000 × 60000 by its header', async () => {
    const bytes = readFileSync(path.join(fixtures, 'bad', 'claims-60000x60000.png'));
    expect(await decoder.decode(bytes, whole, 'claims.png')).toMatchObject({
      ok: false,
      fault: { code: 'image-too-large', params: { width: 60000 } },
    });
  });

  it('says where a truncated file ends', async () => {
    const bytes = readFileSync(path.join(fixtures, 'bad', 'truncated.jpg'));
    const outcome = await decoder.decode(bytes, whole, 'truncated.jpg');
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'image-unreadable' } });
    expect(!outcome.ok && outcome.fault.message).toContain('ends after 45,010 bytes');
  });

  it('tells text from a picture', async () => {
    const bytes = readFileSync(path.join(fixtures, 'bad', 'text.jpg'));
    expect(await decoder.decode(bytes, whole, 'text.jpg')).toMatchObject({
      ok: false,
      fault: { code: 'not-a-picture', params: { reason: '45 bytes of text' } },
    });
  });

  it('makes a thumbnail that keeps the proportions', async () => {
    const small = await decoder.thumbnail(
      readFileSync(path.join(fixtures, 'variants', 'chelsea-exif6.jpg')),
      96,
      'x',
    );
    if (!small.ok) throw new Error(small.fault.message);
    expect(small.value).toMatchObject({ width: 96, height: 64, sourceWidth: 451, sourceHeight: 300 });
    expect((await sharp(small.value.jpeg).metadata()).format).toBe('jpeg');
  });
});

describe('reading a file', () => {
  it('names what is empty, gone, a folder or a pipe, and never waits for a pipe', async () => {
    const empty = path.join(folder, 'empty.jpg');
    writeFileSync(empty, '');
    const pipe = path.join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [pipe]);
    expect(await readContent(empty, 'empty.jpg')).toMatchObject({ fault: { code: 'file-empty' } });
    expect(await readContent(path.join(folder, 'gone.jpg'), 'gone.jpg')).toMatchObject({
      fault: { code: 'file-not-found' },
    });
    expect(await readContent(folder, 'folder')).toMatchObject({ fault: { code: 'not-a-file' } });
    expect(await readContent(pipe, 'pipe.jpg')).toMatchObject({ fault: { code: 'not-a-file' } });
  });

  it('gives the SHA-256 of the bytes', async () => {
    const content = await readContent(path.join(fixtures, 'photos', 'chelsea.png'), 'chelsea.png');
    expect(content.ok && (await sha256Aside(content.value.bytes))).toBe(
      'sha256:596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb',
    );
  });
});
