import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../contract/pictures/boxes.ts';
import { cropAround } from '../../../../renderer/parts/boxes/crop-around.ts';

const place = { width: 328, height: 148 };
const photos = fc.record({
  width: fc.integer({ min: 1, max: 9000 }),
  height: fc.integer({ min: 1, max: 9000 }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const boxes = fc.tuple(photos, share, share, share, share).map(([photo, a, b, c, d]) => ({
  photo,
  box: [
    Math.min(a, c) * photo.width,
    Math.min(b, d) * photo.height,
    Math.max(a, c) * photo.width,
    Math.max(b, d) * photo.height,
  ] as Box,
}));

describe('the part of a photo around a box', () => {
  it('has the shape of its place and shows the whole box, whatever the photo', () => {
    fc.assert(
      fc.property(boxes, ({ photo, box: [left, top, right, bottom] }) => {
        const part = cropAround([left, top, right, bottom], photo, place);
        expect(part.width / part.height).toBeCloseTo(place.width / place.height, 6);
        expect(part.left).toBeLessThanOrEqual(left + 1e-6);
        expect(part.top).toBeLessThanOrEqual(top + 1e-6);
        expect(part.left + part.width).toBeGreaterThanOrEqual(right - 1e-6);
        expect(part.top + part.height).toBeGreaterThanOrEqual(bottom - 1e-6);
      }),
    );
  });

  it('leaves a photo only along a side that is shorter than the part, and there by the same on both', () => {
    fc.assert(
      fc.property(boxes, ({ photo, box }) => {
        const part = cropAround(box, photo, place);
        for (const [from, length, most] of [
          [part.left, part.width, photo.width],
          [part.top, part.height, photo.height],
        ] as const) {
          if (length > most) expect(from).toBeCloseTo(most - (from + length), 4);
          else {
            expect(from).toBeGreaterThanOrEqual(-1e-6);
            expect(from + length).toBeLessThanOrEqual(most + 1e-6);
          }
        }
      }),
    );
  });

  it('is as near as a box allows: a margin of an eighth, and no nearer than a few pixels', () => {
    expect(cropAround([400, 400, 500, 440], { width: 1000, height: 1000 }, { width: 2, height: 1 })).toEqual({
      left: 386,
      top: 388,
      width: 128,
      height: 64,
    });
    expect(
      cropAround([500, 500, 502, 502], { width: 1000, height: 1000 }, { width: 1, height: 1 }).width,
    ).toBe(24);
  });
});
