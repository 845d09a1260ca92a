import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readJpeg } from '../../main/worker/jpeg-file.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
const whole = { background: [255, 255, 255] as const, crop: null, resize: null };
const square = {
  background: [255, 255, 255] as const,
  crop: 0.5,
  resize: {
    op: 'resize' as const,
    width: 64,
    height: 64,

    kernel: 'cubic' as const,
  },
};
const source = sharp(readFileSync(path.join(fixtures, 'photos', 'coffee.png'))).resize(320, 240);
const files = {
  baseline: await source.clone().jpeg({ quality: 90 }).toBuffer(),
  progressive: await source.clone().jpeg({ quality: 90, progressive: true }).toBuffer(),
};
const kinds = ['baseline', 'progressive'] as const;
const endless = (kind: (typeof kinds)[number]): Buffer => files[kind].subarray(0, -2);

describe.each([sharpDecoder(), await vipsDecoder()])('a JPEG through $name', (decoder) => {
  const verdictOf = async (bytes: Buffer, spec: typeof whole | typeof square = whole): Promise<string> => {
    const picture = await decoder.decode(bytes, spec, 'a.jpg');
    if (!picture.ok) return picture.fault.message;
    return Buffer.from(picture.value.pixels).toString('latin1');
  };
  it.each(kinds)(
    '%s: that lacks only its end marker, or has more behind it, is the same picture',
    async (kind) => {
      for (const spec of [whole, square]) {
        const wanted = await verdictOf(files[kind], spec);
        expect(wanted.length).toBeGreaterThan(5000);
        for (const bytes of [
          endless(kind),
          files[kind].subarray(0, -1),
          Buffer.concat([endless(kind), Buffer.alloc(5000)]),
          Buffer.concat([files[kind], Buffer.alloc(3000)]),
          Buffer.concat([files[kind], Buffer.from('garbage of a camera \xff\xda\xff', 'latin1')]),
          Buffer.concat([files[kind], files.baseline.subarray(0, 4000)]),
        ])
          expect((await verdictOf(bytes, spec)) === wanted).toBe(true);
      }
    },
  );

  it.each(kinds)(
    '%s: cut anywhere in its data, it is refused, whatever stands behind the cut',
    async (kind) => {
      for (const share of [0.3, 0.6, 0.9, 0.97]) {
        const cut = files[kind].subarray(0, Math.floor(share * files[kind].length));
        for (const bytes of [cut, Buffer.concat([cut, Buffer.alloc(5000)])])
          expect(await verdictOf(bytes)).toMatch(
            /^a\.jpg could not be read: the file ends after [\d,]+ bytes, before/u,
          );
        // Rows that the square has no part in are missed as well.
        expect(await verdictOf(cut, square)).toMatch(/the file ends after/u);
        expect(await verdictOf(Buffer.concat([cut, Buffer.from([0xff, 0xd9])]))).toMatch(
          /^a\.jpg could not be read/u,
        );
      }
    },
  );

  it('values that no code stands for are damage, not a picture', async () => {
    const damaged = Buffer.from(files.baseline);
    damaged.fill(0xfe, 3000, 3400);
    expect(await verdictOf(damaged)).toBe(
      'a.jpg could not be read: its data are damaged (premature end of data segment).',
    );
  });
});

describe('the markers', () => {
  it('of a progressive file tell whether its last scan came', () => {
    expect(readJpeg(files.progressive)).toMatchObject({ unread: null, hasEnd: true, isComplete: true });
    expect(readJpeg(endless('progressive'))).toMatchObject({ unread: null, hasEnd: false, isComplete: true });
    const lastScan = files.progressive.lastIndexOf(Buffer.from([0xff, 0xda]));
    // Between two scans: libjpeg would show it blurred, without a word.
    expect(readJpeg(files.progressive.subarray(0, lastScan))).toMatchObject({
      hasEnd: false,
      isComplete: false,
    });
  });
});
