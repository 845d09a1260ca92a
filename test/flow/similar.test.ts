// Photos that are alike, through the command line: what is asked, written and refused.
import { copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { outpost, root } from './cli-process.ts';

const place = newFolder('similar');
const card = path.join(place, 'card');
const data = path.join(place, 'data');
const fixture = (name: string): string => path.join(root, 'test', 'fixtures', name);
const similar = (...args: readonly string[]): ReturnType<typeof outpost> =>
  outpost(['similar', '--data', data, ...args]);
const cat = fixture('photos/chelsea.png');

type Line = {
  input: string;
  similarity: number;
  label: string;
  digest: string;
  copies: readonly string[];
  photo: string;
};
const linesOf = (out: string): readonly Line[] =>
  out === ''
    ? []
    : out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);

beforeAll(async () => {
  mkdirSync(card);
  // Old enough for the store to know them by their times.
  const old = new Date(Date.now() - 60_000);
  for (const [from, to] of [
    ['variants/chelsea.tif', 'cat.tif'],
    ['variants/chelsea-exif6.jpg', 'turned.jpg'],
    ['variants/chelsea-exif6.jpg', 'turned again.jpg'],
    ['photos/coffee.png', 'coffee.png'],
    ['variants/coffee.webp', 'coffee.webp'],
    ['photos/rocket.jpg', 'rocket.jpg'],
  ] as const) {
    copyFileSync(fixture(from), path.join(card, to));
    utimesSync(path.join(card, to), old, old);
  }
});

describe('outpost similar', () => {
  it('finds nothing while nothing was answered, and says so on the last line', async () => {
    const { code, out, error } = await similar(cat);
    expect([code, out]).toEqual([0, '']);
    expect(error).toMatch(/0 most alike of 1 compared by efficientnet-lite0@1\.0\.0\n$/u);
  });

  it('answers a folder and looks among its photos, best first, the same bytes once', async () => {
    const { code, out, error } = await similar(cat, '--among', card, '--limit', '4');
    expect([code, error]).toEqual([0, expect.stringMatching(/4 most alike of \d compared/u)]);
    const lines = linesOf(out);
    expect(lines.map(({ input }) => path.basename(input)).slice(0, 2)).toEqual([
      'cat.tif',
      expect.stringMatching(/^turned( again)?\.jpg$/u),
    ]);
    expect(lines[0]).toMatchObject({ photo: cat, copies: [], digest: expect.stringMatching(/^sha256:/u) });
    expect(lines[1]!.copies).toHaveLength(1);
    expect(lines[0]!.similarity).toBeGreaterThan(0.995);
    expect(lines[0]!.label).toMatch(/cat|tabby/iu);
    const alike = lines.map(({ similarity }) => similarity);
    expect(alike).toEqual(alike.toSorted((one, other) => other - one));
  });

  it('looks at all that is stored without a folder, and leaves out what is less alike', async () => {
    const all = linesOf((await similar(cat, '--least', '0.9')).out).map(({ input }) => path.basename(input));
    expect(all).toHaveLength(2);
    expect(all[0]).toBe('cat.tif');
    const table = await similar(cat, '--format', 'table', '--limit', '2');
    expect(table.out).toMatch(/^(1\.000|0\.99\d) +.*cat\.tif +.*\n0\.9\d\d +.*turned.*and 1 copy/u);
    const csv = (await similar(cat, '--format', 'csv', '--limit', '1')).out.split('\r\n');
    expect(csv[0]).toBe('input,similarity,label,score,digest,copies');
    expect(csv[1]).toMatch(/cat\.tif,(1|0\.99\d*),/u);
    const file = path.join(place, 'found.json');
    expect((await similar(cat, '--format', 'json', '--out', file)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      photo: cat,
      model: 'efficientnet-lite0',
      photos: expect.arrayContaining([expect.objectContaining({ path: path.join(card, 'cat.tif') })]),
    });
  });

  it('groups all that is stored', async () => {
    const groups = (await similar('--groups')).out
      .trimEnd()
      .split('\n')
      .map((line) =>
        (JSON.parse(line) as { photos: readonly { path: string }[] }).photos
          .map((each) => path.basename(each.path))
          .sort(),
      );
    expect(groups).toContainEqual(['coffee.png', 'coffee.webp']);
    expect(groups.some((group) => group.includes('rocket.jpg'))).toBe(false);
    const csv = (await similar('--groups', '--format', 'csv')).out.split('\r\n');
    expect(csv[0]).toBe('group,input,similarity,writtenAt,digest');
    const strict = await similar('--groups', '--least', '1');
    expect([strict.code, strict.out]).toEqual([0, expect.not.stringContaining('coffee')]);
  });

  it('counts what is no longer there', async () => {
    rmSync(path.join(card, 'rocket.jpg'));
    const { code, out, error } = await similar(cat);
    expect(code).toBe(0);
    expect(out).not.toContain('rocket');
    expect(error).toMatch(/1 more is no longer there/u);
  });

  it.each([
    [['--groups', cat], '--groups takes no photo'],
    [[], 'Name a photo, or say --groups'],
    [[cat, cat], 'Too many arguments'],
    [[cat, '--model', 'camera-triage'], '[no-feature-vectors]'],
    [[path.join(card, 'missing.jpg')], 'missing.jpg'],
  ])('refuses %j by name', async (args, text) => {
    const { code, out, error } = await similar(...args);
    expect([code === 0, out]).toEqual([false, '']);
    expect(error).toContain(text);
  });
});
