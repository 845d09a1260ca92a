import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { pythonWith } from '../../tools/python.mjs';
import { season, storeSeason } from '../exports/season.ts';
import { newFolder } from '../temp/folder.ts';
import { exifBlock, fullBlock, withBlock } from '../worker/exif-blocks.ts';
import { outpost, root } from './cli-process.ts';

/*
 * Copies of photos leave by the command line, made by real workers, and Pillow, which shares no code with what wrote them, reads
 * them beside their originals: pixel by pixel what is drawn, blurred and left alone, and tag by tag what they say.
 */

type Tags = Readonly<Record<string, unknown>>;
type Read = {
  readonly format: string;
  readonly size: readonly [number, number];
  readonly upright: readonly [number, number];
  readonly before: Tags;
  readonly after: Tags;
  readonly isSame: boolean;
  /** Mean difference of the copy from the original, in steps of 255. */
  readonly areas: Readonly<Record<string, number>>;
  readonly points: Readonly<Record<string, readonly [number, number, number]>>;
  readonly squares?: readonly (readonly [off: number, now: number, before: number])[];
};

const data = newFolder('data');
const photos = newFolder('photos');
const out = newFolder('out');
/** Twice as large as the model saw it, and turned by its EXIF: upright it is 200 × 400. */
const [width, height] = [400, 200];
const kinds = {
  sorted: ['--format', 'sorted'],
  'sorted, stripped': ['--format', 'sorted', '--exif', 'strip'],
  'sorted, without the wolf’s place': ['--format', 'sorted', '--places', 'hide=wolf'],
  marked: ['--format', 'marked'],
  'marked, without places': ['--format', 'marked', '--places', 'hide'],
  blurred: ['--format', 'blurred'],
  'blurred, stripped': ['--format', 'blurred', '--exif', 'strip'],
  'blurred, without places': ['--format', 'blurred', '--places', 'round:1'],
} as const;
type Kind = keyof typeof kinds;
const folderOf = (kind: Kind): string => path.join(out, kind);

const [wolf, empty, both, person] = season.map(({ name }) => name) as [string, string, string, string];
/** The box of each first thing, [10, 40, 70, 160] of 100 × 200: its frame, and the parts of the photo that nothing touches. */
const frame = {
  areas: {
    above: [0, 0, 200, 46],
    below: [0, 338, 200, 400],
    left: [0, 0, 14, 400],
    right: [148, 0, 200, 400],
    inside: [50, 100, 110, 300],
  },
  points: { bright: [80, 318], dark: [80, 321], label: [20, 64] },
};
/** A tenth of the box more at each side, in squares of a sixth of the shorter one. */
const blur = {
  squares: { from: [8, 56], side: 24, across: 6, down: 12 },
  areas: { above: [0, 0, 200, 46], below: [0, 354, 200, 400], right: [162, 0, 200, 400] },
};
const asked: Readonly<Record<string, { kind: Kind; name: string; at?: string; measure?: object }>> = {
  sorted: { kind: 'sorted', name: wolf, at: 'wolf/IMG_1.JPG' },
  stripped: { kind: 'sorted, stripped', name: wolf, at: 'wolf/IMG_1.JPG' },
  hidden: { kind: 'sorted, without the wolf’s place', name: wolf, at: 'wolf/IMG_1.JPG' },
  elsewhere: { kind: 'sorted, without the wolf’s place', name: person, at: 'person/IMG_1 (2).JPG' },
  marked: { kind: 'marked', name: wolf, measure: frame },
  'marked empty': { kind: 'marked', name: empty },
  'marked hidden': { kind: 'marked, without places', name: wolf, measure: frame },
  blurred: { kind: 'blurred', name: both, measure: blur },
  'blurred wolf': { kind: 'blurred', name: wolf },
  'blurred stripped': { kind: 'blurred, stripped', name: person, measure: blur },
  'blurred rounded': { kind: 'blurred, without places', name: both, measure: blur },
};

/** Bytes and times of the originals. */
const originals = (): readonly string[] =>
  season.map(({ name }) => {
    const file = path.join(photos, name);
    return `${createHash('sha256').update(readFileSync(file)).digest('hex')} ${statSync(file).mtimeMs}`;
  });
let before: readonly string[] = [];
let python: string | null = null;
let reason = '';
let read: Readonly<Record<string, Read>> = {};

/** Waves that a JPEG keeps well, finer than a square and no multiple of it, on a slope, so that each square has a mean of its own. */
async function photo(): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const wave = 40 * Math.sin(x / 3.1) + 40 * Math.sin(y / 2.7);
      pixels.fill(Math.round(90 + (x + y) / 8 + wave), (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

beforeAll(async () => {
  await (await storeSeason(data, photos)).close();
  const bytes = withBlock(await photo(), exifBlock(fullBlock));
  for (const { name } of season) writeFileSync(path.join(photos, name), bytes);
  before = originals();
  for (const [kind, options] of Object.entries(kinds)) {
    const ended = await outpost([
      'export',
      'season',
      ...options,
      '--out',
      folderOf(kind as Kind),
      '--data',
      data,
    ]);
    if (ended.code !== 0) throw new Error(`${kind}: ${ended.error}`);
  }
  const notes: string[] = [];
  python = await pythonWith(path.join(root, 'test', 'exports', 'requirements.txt'), (line: string) =>
    notes.push(line.trim()),
  );
  reason = notes.join('; ');
  if (python === null) return;
  const list = path.join(out, 'asked.json');
  const pairs = Object.entries(asked).map(([key, { kind, name, at = name, measure }]) => [
    key,
    { original: path.join(photos, name), copy: path.join(folderOf(kind), at), ...measure },
  ]);
  writeFileSync(list, JSON.stringify(Object.fromEntries(pairs)));
  const script = path.join(root, 'test', 'exports', 'read_copies.py');
  read = JSON.parse((await promisify(execFile)(python, [script, list])).stdout) as typeof read;
}, 600_000);

test('every photo has its copy, and no original changed by a byte or a moment', () => {
  for (const kind of Object.keys(kinds) as Kind[]) {
    const files = readdirSync(folderOf(kind), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.JPG'))).toHaveLength(season.length);
    expect(existsSync(path.join(folderOf(kind), '.outpost-export.json'))).toBe(false);
  }
  expect(originals()).toEqual(before);
});

describe('Pillow reads', () => {
  const needsPython = ({ skip }: TestContext): void => skip(python === null, reason);
  const ofCamera = {
    make: 'Acme',
    model: 'Trail 5',
    takenAt: '2026:05:01 23:59:30',
    offset: '+02:00',
    serial: 'SN-77',
    temperature: -3.5,
  };
  const place = { latitude: -1.29, longitude: 36.82, altitude: 1795 };
  const bare = { hasNote: false, hasThumbnail: false, others: [] };

  test('originals, so that what is missing later was there', (context) => {
    needsPython(context);
    const everything = { ...ofCamera, ...place, orientation: 6, hasNote: true, hasThumbnail: true };
    for (const { before: tags } of Object.values(read)) expect(tags).toMatchObject(everything);
  });

  test('sorted copies: the same pixels, and all that the photo says, nothing, or all but its place', (context) => {
    needsPython(context);
    const { sorted, stripped, hidden, elsewhere } = read;
    for (const copy of [sorted, stripped, hidden, elsewhere])
      expect(copy).toMatchObject({
        format: 'JPEG',
        size: [width, height],
        upright: [200, 400],
        isSame: true,
      });
    expect(sorted?.after).toEqual(sorted?.before);
    expect(stripped?.after).toEqual({ orientation: 6, ...bare });
    expect(hidden?.after).toEqual({ ...ofCamera, orientation: 6, ...bare });
    // No wolf was seen at the other site.
    expect(elsewhere?.after).toEqual(elsewhere?.before);
  });

  test('marked copies: a frame where the box is, and nothing else drawn; of an empty photo the photo itself', (context) => {
    needsPython(context);
    for (const copy of [read['marked'], read['marked hidden']]) {
      expect(copy).toMatchObject({ format: 'JPEG', size: [200, 400], upright: [200, 400] });
      const [red, green, blue] = copy!.points['bright']!;
      expect([red > 180, green > 170, blue < 150]).toEqual([true, true, true]);
      expect(Math.max(...copy!.points['dark']!)).toBeLessThan(110);
      const [labelRed, , labelBlue] = copy!.points['label']!;
      expect(labelRed - labelBlue).toBeGreaterThan(60);
      for (const [area, difference] of Object.entries(copy!.areas)) expect(difference, area).toBeLessThan(3);
    }
    expect(read['marked']?.after).toEqual({ ...ofCamera, ...place, orientation: 1, ...bare, hasNote: true });
    expect(read['marked hidden']?.after).toEqual({ ...ofCamera, orientation: 1, ...bare });
    expect(read['marked empty']?.isSame).toBe(true);
    expect(read['marked empty']?.after).toEqual(read['marked empty']?.before);
  });

  test('blurred copies: each square the mean of what was there, the rest as it was, and nobody in a small picture', (context) => {
    needsPython(context);
    for (const copy of [read['blurred'], read['blurred stripped'], read['blurred rounded']]) {
      expect(copy).toMatchObject({ format: 'JPEG', size: [200, 400], upright: [200, 400] });
      expect(copy!.squares).toHaveLength(72);
      for (const [off, now, was] of copy!.squares!) {
        expect(was).toBeGreaterThan(25);
        expect(off).toBeLessThan(4);
        expect(now).toBeLessThan(4);
      }
      for (const [area, difference] of Object.entries(copy!.areas)) expect(difference, area).toBeLessThan(3);
    }
    expect(read['blurred']?.after).toEqual({ ...ofCamera, ...place, orientation: 1, ...bare });
    expect(read['blurred stripped']?.after).toEqual(bare);
    expect(read['blurred rounded']?.after).toEqual({ ...ofCamera, orientation: 1, ...bare });
    // No person is on it.
    expect(read['blurred wolf']?.isSame).toBe(true);
    expect(read['blurred wolf']?.after).toEqual(read['blurred wolf']?.before);
  });
});
