import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { withoutOddities } from '../../main/worker/jpeg-oddities.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';

const whole = { background: [255, 255, 255] as const, crop: null, resize: null };
const photo = path.join(import.meta.dirname, '..', 'fixtures', 'photos', 'coffee.png');
const source = sharp(readFileSync(photo)).resize(320, 240);
const inserted = (file: Buffer, at: number, more: Buffer): Buffer =>
  Buffer.concat([file.subarray(0, at), more, file.subarray(at)]);
/** Behind the marker that begins a file. */
const jfif = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
const adobe = Buffer.from('ffee000e41646f626500640000000001', 'hex');
const startOfScan = Buffer.from([0xff, 0xda]);
const files = {
  baseline: inserted(await source.clone().jpeg({ quality: 90 }).toBuffer(), 2, jfif),
  progressive: inserted(await source.clone().jpeg({ quality: 90, progressive: true }).toBuffer(), 2, jfif),
};
type Kind = keyof typeof files;
const oddities: Record<string, (file: Buffer) => Buffer> = {
  'bytes between two segments': (file) => inserted(file, file.indexOf(startOfScan), Buffer.alloc(7, 1)),
  'another version of JFIF': (file) => {
    const odd = Buffer.from(file);
    odd[odd.indexOf('JFIF\0') + 5] = 2;
    return odd;
  },
  'an unknown transform': (file) => {
    const odd = inserted(
      inserted(file, 2, adobe).subarray(2 + adobe.length + jfif.length),
      0,
      Buffer.from([0xff, 0xd8]),
    );
    const reported = inserted(odd, 2, adobe);
    reported[17] = 7;
    return reported;
  },
};
const scanOddity = (file: Buffer): Buffer => {
  const odd = Buffer.from(file);
  const at = odd.indexOf(startOfScan);
  odd.fill(0, at + odd.readUInt16BE(at + 2) - 1, at + odd.readUInt16BE(at + 2) + 2);
  return odd;
};
const cases = (['baseline', 'progressive'] as const).flatMap((kind) =>
  Object.entries({ ...oddities, ...(kind === 'baseline' && { 'other scan parameters': scanOddity }) }).map(
    ([oddity, make]): [Kind, string, (file: Buffer) => Buffer] => [kind, oddity, make],
  ),
);

describe.each([sharpDecoder(), await vipsDecoder()])('an odd JPEG through $name', (decoder) => {
  const verdictOf = async (bytes: Buffer): Promise<string> => {
    const picture = await decoder.decode(bytes, whole, 'a.jpg');
    return picture.ok ? Buffer.from(picture.value.pixels).toString('latin1') : picture.fault.message;
  };
  const refused = /^a\.jpg could not be read: (?:the file ends after|its data are damaged)/u;

  it.each(cases)('%s, %s: the same picture, also without its end', async (kind, _, make) => {
    const wanted = await verdictOf(files[kind]);
    expect(wanted.length).toBe(320 * 240 * 3);
    const odd = make(files[kind]);
    expect((await verdictOf(odd)) === wanted).toBe(true);
    expect((await verdictOf(odd.subarray(0, -2))) === wanted).toBe(true);
  });

  it.each(cases)('%s, %s: hides no cut', async (kind, _, make) => {
    for (const share of [0.6, 0.9, 0.97]) {
      const odd = make(files[kind]);
      const cut = odd.subarray(0, Math.floor(share * odd.length));
      expect(await verdictOf(cut)).toMatch(refused);
      expect(await verdictOf(Buffer.concat([cut, Buffer.from([0xff, 0xd9])]))).toMatch(refused);
    }
  });

  it.each(cases)('%s, %s: hides no corrupted bytes', async (kind, _, make) => {
    const odd = make(files[kind]);
    let seed = 7;
    for (let at = odd.length - 6000; at < odd.length - 3000; at += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      odd[at] = seed >> 16;
    }
    expect(await verdictOf(odd)).toMatch(refused);
  });

  it('zeros behind the data of a scan are padding', async () => {
    const { progressive } = files;
    const odd = inserted(progressive, progressive.length - 2, Buffer.alloc(40));
    expect((await verdictOf(odd)) === (await verdictOf(progressive))).toBe(true);
    expect(await verdictOf(Buffer.concat([odd.subarray(0, 9000), odd.subarray(-42)]))).toMatch(refused);
  });
});

it('a file without oddities is not copied, and of an odd one nothing but the oddity is changed', () => {
  const { baseline } = files;
  expect(withoutOddities(baseline)).toBe(baseline);
  expect(withoutOddities(baseline.subarray(0, 3000))).toHaveLength(3000);
  for (const length of [baseline.length, 3000])
    expect(
      Buffer.compare(
        withoutOddities(oddities['another version of JFIF']!(baseline).subarray(0, length)),
        baseline.subarray(0, length),
      ),
    ).toBe(0);
});
