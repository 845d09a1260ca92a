import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlapOf, type Box } from '../../../../contract/pictures/boxes.ts';
import { placeChips } from '../../../../renderer/parts/boxes/place-chips.ts';

const photo = { width: 672, height: 504 };
const chip = { width: 87, height: 22 };
const side = (most: number) => fc.double({ min: 0, max: most, noNaN: true });
const box = fc
  .tuple(side(photo.width), side(photo.height), side(photo.width), side(photo.height))
  .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]);

describe('chips of boxes', () => {
  it('never cover each other and lie within the photo, however many boxes there are', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 60 }), (boxes) => {
        const placed = placeChips(
          boxes.map((each) => ({ box: each, chip })),
          photo,
        ).flatMap((place): Box[] =>
          place ? [[place.left, place.top, place.left + chip.width, place.top + chip.height]] : [],
        );
        placed.forEach((one, at) => {
          expect(one[0] >= 0 && one[1] >= 0 && one[2] <= photo.width && one[3] <= photo.height).toBe(true);
          for (const other of placed.slice(at + 1)) expect(overlapOf(one, other).union).toBeLessThan(1e-9);
        });
      }),
    );
  });

  it('stand above their box, and below it where the photo ends', () => {
    const boxes: Box[] = [
      [100, 100, 200, 200],
      [300, 5, 400, 90],
    ];
    expect(
      placeChips(
        boxes.map((each) => ({ box: each, chip })),
        photo,
      ),
    ).toEqual([
      { left: 100, top: 78 },
      { left: 300, top: 90 },
    ]);
  });

  it('of the first box have their place whatever comes behind, at the edge too', () => {
    const edge: Box = [640, 0, 672, 40];
    expect(
      placeChips(
        [
          { box: edge, chip },
          { box: edge, chip },
        ],
        photo,
      )[0],
    ).toEqual({ left: 585, top: 40 });
  });

  it('are left out when there is no room for one more', () => {
    const all = Array.from({ length: 12 }, () => ({ box: [100, 100, 200, 200] as Box, chip }));
    const placed = placeChips(all, photo);
    expect(placed[0]).not.toBeNull();
    expect(placed.at(-1)).toBeNull();
  });
});
