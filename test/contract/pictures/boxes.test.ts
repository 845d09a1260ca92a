import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaOf,
  fitWhole,
  overlapOf,
  suppress,
  toPhoto,
  type Box,
  type Candidate,
  type View,
} from '../../../contract/pictures/boxes.ts';

const side = fc.integer({ min: 1, max: 6000 });
const size = fc.record({ width: side, height: side });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const box = fc
  .tuple(share, share, share, share)
  .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]);
const candidate = fc.record({
  index: fc.integer({ min: 0, max: 2 }),
  // Few values, so that equal scores are met.
  score: fc.integer({ min: 1, max: 20 }).map((twentieths) => twentieths / 20),
  box,
});
const rule = fc.record({
  iou: fc.double({ min: 0, max: 0.95, noNaN: true }),
  contained: fc.option(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { nil: undefined }),
  across: fc.constantFrom('label' as const, 'all' as const),
});
const inPhoto = (
  [left, top, right, bottom]: Box,
  { width, height }: { width: number; height: number },
): Box => [left * width, top * height, right * width, bottom * height];
const isNear = (a: Box, b: Box, within: number): boolean =>
  a.every((value, at) => Math.abs(value - b[at]!) <= within);

describe('a photo that is fitted whole', () => {
  it('lies inside, touches two sides and keeps its proportions to a pixel', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom('centre' as const, 'corner' as const), (photo, input, at) => {
        const placed = fitWhole(photo, input, at);
        expect(placed.left + placed.width).toBeLessThanOrEqual(input.width);
        expect(placed.top + placed.height).toBeLessThanOrEqual(input.height);
        expect(placed.width === input.width || placed.height === input.height).toBe(true);
        const scale = Math.min(input.width / photo.width, input.height / photo.height);
        expect(Math.abs(placed.width - photo.width * scale)).toBeLessThanOrEqual(1);
        expect(Math.abs(placed.height - photo.height * scale)).toBeLessThanOrEqual(1);
        // What is left over differs by one pixel at most, the larger part right and below.
        const right = input.width - placed.width - placed.left;
        if (at === 'centre') expect([0, 1]).toContain(right - placed.left);
        else expect([placed.left, placed.top]).toEqual([0, 0]);
      }),
    );
  });

  it('comes to the places that the reference gives', () => {
    expect(fitWhole({ width: 1280, height: 960 }, { width: 416, height: 416 }, 'centre')).toEqual({
      left: 0,
      top: 52,
      width: 416,
      height: 312,
    });
    expect(fitWhole({ width: 512, height: 600 }, { width: 416, height: 416 }, 'centre')).toEqual({
      left: 30,
      top: 0,
      width: 355,
      height: 416,
    });
    expect(fitWhole({ width: 4000, height: 3 }, { width: 416, height: 416 }, 'corner')).toEqual({
      left: 0,
      top: 0,
      width: 416,
      height: 1,
    });
  });

  it('gives every box back where it was, letterboxed, stretched or cut out', () => {
    fc.assert(
      fc.property(
        size,
        size,
        box,
        fc.constantFrom('centre', 'corner', 'stretch', 'cut'),
        (photo, input, shares, way) => {
          const seen = {
            left: way === 'cut' ? Math.floor(photo.width / 4) : 0,
            top: 0,
            width: Math.ceil(photo.width / (way === 'cut' ? 2 : 1)),
            height: photo.height,
          };
          const placed =
            way === 'centre' || way === 'corner'
              ? fitWhole(photo, input, way)
              : { left: 0, top: 0, ...input };
          const view: View = { photo, seen, placed };
          const there = inPhoto(shares, photo);
          expect(
            isNear(toPhoto(toInput(there, view), view), there, 1e-6 * Math.max(photo.width, photo.height)),
          ).toBe(true);
        },
      ),
    );
  });

  it('has no box outside its photo', () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.tuple(
          fc.double({ noNaN: true, min: -1e4, max: 1e4 }),
          fc.double({ noNaN: true, min: -1e4, max: 1e4 }),
          share,
          share,
        ),
        (photo, input, [x, y, w, h]) => {
          const view = {
            photo,
            seen: { left: 0, top: 0, ...photo },
            placed: fitWhole(photo, input, 'centre'),
          };
          const [left, top, right, bottom] = toPhoto([x, y, x + w * 1e4, y + h * 1e4], view);
          expect(left >= 0 && top >= 0 && right <= photo.width && bottom <= photo.height).toBe(true);
          expect(left <= right && top <= bottom).toBe(true);
        },
      ),
    );
  });
});

describe('overlap', () => {
  it('is the same both ways, 1 with itself, and does not know the unit', () => {
    fc.assert(
      fc.property(box, box, fc.double({ min: 0.1, max: 1000, noNaN: true }), (a, b, scale) => {
        const { union, smaller } = overlapOf(a, b);
        expect(overlapOf(b, a)).toEqual({ union, smaller });
        expect(union).toBeGreaterThanOrEqual(0);
        expect(union).toBeLessThanOrEqual(smaller + 1e-9);
        expect(smaller).toBeLessThanOrEqual(1 + 1e-9);
        if (areaOf(a) > 1e-9) expect(overlapOf(a, a).union).toBeCloseTo(1, 9);
        const larger = (each: Box): Box => [
          each[0] * scale,
          each[1] * scale,
          each[2] * scale,
          each[3] * scale,
        ];
        if (areaOf(a) > 1e-9 && areaOf(b) > 1e-9)
          expect(overlapOf(larger(a), larger(b)).union).toBeCloseTo(union, 6);
      }),
    );
  });

  it('of boxes worked out by hand', () => {
    expect(overlapOf([0, 0, 4, 4], [2, 0, 6, 4])).toEqual({ union: 8 / 24, smaller: 0.5 });
    expect(overlapOf([0, 0, 10, 10], [4, 4, 6, 6])).toEqual({ union: 0.04, smaller: 1 });
    expect(overlapOf([0, 0, 4, 4], [4, 0, 8, 4])).toEqual({ union: 0, smaller: 0 });
    expect(overlapOf([1, 1, 1, 1], [1, 1, 1, 1])).toEqual({ union: 0, smaller: 0 });
  });
});

describe('non-maximum suppression', () => {
  const isSuppressing = (
    a: Candidate,
    b: Candidate,
    { iou, contained, across }: { iou: number; contained?: number | undefined; across: string },
  ): boolean => {
    const { union, smaller } = overlapOf(a.box, b.box);
    return (
      (across === 'all' || a.index === b.index) &&
      (union > iou || (contained !== undefined && smaller > contained))
    );
  };

  it('keeps boxes that do not suppress each other, best first, and drops none without a reason', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 40 }), rule, (all, by) => {
        const remaining = suppress(all, by, 1000);
        remaining.forEach((one, at) => {
          for (const other of remaining.slice(at + 1)) {
            expect(one.score).toBeGreaterThanOrEqual(other.score);
            expect(isSuppressing(one, other, by)).toBe(false);
          }
        });
        for (const suppressed of all.filter((each) => !remaining.includes(each)))
          expect(
            remaining.some(
              (better) => better.score >= suppressed.score && isSuppressing(better, suppressed, by),
            ),
          ).toBe(true);
      }),
    );
  });

  it('gives what it gave when it is done again, and the same boxes in every order of unequal scores', () => {
    const unequal = fc.uniqueArray(candidate, { maxLength: 20, selector: ({ score }) => score });
    fc.assert(
      fc.property(unequal, rule, fc.infiniteStream(share), (all, by, chances) => {
        const remaining = suppress(all, by, 1000);
        expect(suppress(remaining, by, 1000)).toEqual(remaining);
        const shuffled = all
          .map((each) => [chances.next().value, each] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, each]) => each);
        expect(suppress(shuffled, by, 1000)).toEqual(remaining);
      }),
    );
  });

  it('may come before the threshold or after it, so that a threshold needs no new run', () => {
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 40 }),
        rule,
        fc.tuple(share, fc.integer({ min: 1, max: 12 })),
        (all, by, [threshold, most]) => {
          const above = (each: Candidate): boolean => each.score >= threshold;
          expect(suppress(all, by, most).filter(above)).toEqual(suppress(all.filter(above), by, most));
        },
      ),
    );
  });

  it('takes equal scores in the order given', () => {
    const at = (left: number): Candidate => ({ index: 0, score: 0.5, box: [left, 0, left + 10, 10] });
    expect(suppress([at(0), at(1), at(50)], { iou: 0.5, across: 'label' }, 9)).toEqual([at(0), at(50)]);
    expect(suppress([at(1), at(0), at(50)], { iou: 0.5, across: 'label' }, 9)).toEqual([at(1), at(50)]);
  });

  it('drops a small box inside a large one by the contained rule alone', () => {
    const [large, small]: [Candidate, Candidate] = [
      { index: 0, score: 0.9, box: [0, 0, 100, 100] },
      { index: 0, score: 0.8, box: [10, 10, 20, 20] },
    ];
    expect(suppress([large, small], { iou: 0.5, across: 'label' }, 9)).toEqual([large, small]);
    expect(suppress([large, small], { iou: 0.5, contained: 0.6, across: 'label' }, 9)).toEqual([large]);
    expect(
      suppress([large, { ...small, index: 1 }], { iou: 0.5, contained: 0.6, across: 'label' }, 9),
    ).toHaveLength(2);
    expect(
      suppress([large, { ...small, index: 1 }], { iou: 0.5, contained: 0.6, across: 'all' }, 9),
    ).toHaveLength(1);
  });
});

/** From photo pixels to input pixels, the other way than `toPhoto`; may be outside the picture where the model did not see the photo. */
function toInput(box: Box, { seen, placed }: View): Box {
  const x = (value: number): number => ((value - seen.left) * placed.width) / seen.width + placed.left;
  const y = (value: number): number => ((value - seen.top) * placed.height) / seen.height + placed.top;
  return [x(box[0]), y(box[1]), x(box[2]), y(box[3])];
}
