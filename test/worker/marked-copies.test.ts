import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { CopyRequest } from '../../contract/pictures/picture-copy.ts';
import { makeCopy } from '../../main/worker/copies/index.ts';
import { openLetters } from '../../main/worker/copies/letters.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';

type Area = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
type Marks = CopyRequest['marks'];

/* Seen from outside: on a grey photo what is neither grey nor near it was drawn. Copies are read back by sharp. */
describe.each([sharpDecoder(), await vipsDecoder()])('labels on copies by $name', (decoder) => {
  const copyOf = async (width: number, height: number, marks: Marks) => {
    const grey = await sharp({ create: { width, height, channels: 3, background: '#808080' } })
      .png()
      .toBuffer();
    const request: CopyRequest = { width, height, marks, blurs: [], exif: 'keep' };
    const made = await makeCopy(decoder, grey, { request, name: 'a.png' });
    if (!made.ok) throw new Error(made.fault.message);
    const { data } = await sharp(made.value).raw().toBuffer({ resolveWithObject: true });
    const isDrawn = (x: number, y: number): boolean => {
      const at = (y * width + x) * 3;
      return [...data.subarray(at, at + 3)].some((value) => Math.abs(value - 128) > 40);
    };
    const lightAt = (x: number, y: number): number => data[(y * width + x) * 3 + 1]!;
    const drawnIn = ({ left, top, right, bottom }: Area): number => {
      let count = 0;
      for (let y = top; y < bottom; y += 1)
        for (let x = left; x < right; x += 1) if (isDrawn(x, y)) count += 1;
      return count;
    };
    return { isDrawn, lightAt, drawnIn, whole: drawnIn({ left: 0, top: 0, right: width, bottom: height }) };
  };

  it('stand on the box, and nothing else changes', async () => {
    const box = [200, 300, 500, 600] as const;
    const bare = await copyOf(1000, 800, [{ box: [...box], index: 0, text: '' }]);
    const { drawnIn, whole } = await copyOf(1000, 800, [{ box: [...box], index: 0, text: 'wolf 91 %' }]);
    const beside: Area = { left: 190, top: 265, right: 420, bottom: 300 };
    const label = drawnIn(beside) - bare.drawnIn(beside);
    expect(label).toBeGreaterThan(1_500);
    expect(Math.abs(whole - bare.whole - label)).toBeLessThan(60);
  });

  it('are upright letters: an H has two stems and a bar, an E one stem and three bars', async () => {
    const { lightAt } = await copyOf(3000, 2000, [{ box: [400, 600, 2000, 1800], index: 0, text: 'HE' }]);
    // Type of 60 pixels, from 15 pixels in; capitals are 0.73 of it.
    const darkRuns = (from: readonly [number, number], step: readonly [number, number], count: number) => {
      let [runs, wasDark] = [0, false];
      for (let at = 0; at < count; at += 1) {
        const isDark = lightAt(from[0] + step[0] * at, from[1] + step[1] * at) < 90;
        if (isDark && !wasDark) runs += 1;
        wasDark = isDark;
      }
      return runs;
    };
    // The label ends at the dark line around the box, 600 - 8.
    const top = 600 - 8 - Math.ceil(1.22 * 60) - 2;
    const capital = { top: top + 1 + (0.97 - 0.73) * 60, bottom: top + 1 + 0.97 * 60 };
    const at = (share: number): number => Math.round(capital.top + share * (capital.bottom - capital.top));
    expect(darkRuns([395, at(0.2)], [1, 0], 58)).toBe(2);
    expect(darkRuns([395, at(0.5)], [1, 0], 58)).toBe(1);
    expect(darkRuns([395, at(0.8)], [1, 0], 58)).toBe(2);
    expect(darkRuns([482, top + 2], [0, 1], 70)).toBe(3);
  });

  it('stay in the picture, however small it is and wherever the box lies', async () => {
    const text = 'Nordamerikanischer Waschbär 100 %';
    for (const [width, height, box] of [
      [120, 90, [0, 0, 120, 90]],
      [120, 90, [100, 80, 119, 89]],
      [40, 30, [5, 5, 35, 25]],
      [2000, 30, [1900, 2, 1999, 28]],
    ] as const) {
      const marks = [{ box: [...box] as [number, number, number, number], index: 3, text }];
      const { whole } = await copyOf(width, height, marks);
      const bare = await copyOf(width, height, [{ ...marks[0]!, text: '' }]);
      expect(whole).toBeGreaterThan(bare.whole);
    }
  });

  it('do not cover each other where there is room', async () => {
    const mark = (at: number): Marks[number] => ({
      box: [300 + at, 300 + at, 600, 600],
      index: at,
      text: 'animal 80 %',
    });
    const labels = async (marks: Marks): Promise<number> => {
      const bare = await copyOf(
        1000,
        800,
        marks.map((each) => ({ ...each, text: '' })),
      );
      return (await copyOf(1000, 800, marks)).whole - bare.whole;
    };
    const one = await labels([mark(0)]);
    expect(await labels([mark(0), mark(3), mark(6)])).toBeGreaterThan(one * 2.5);
  });
});

it('letters of Latin, Greek and Cyrillic are there, others are question marks', async () => {
  const letters = await openLetters();
  const inked = (text: string): number =>
    letters.cover(text, 40).values.reduce((sum, value) => sum + value, 0);
  for (const letter of 'aZ0%äßéñøŁžЯжΩ') expect([letter, inked(letter)]).not.toEqual([letter, inked('?')]);
  expect(inked('鹿')).toBe(inked('?'));
  // What is inside of a letter is not filled.
  const { width, height, values } = letters.cover('O', 40);
  expect(values[Math.round(height / 2) * width + Math.round(width / 2)]).toBe(0);
});
