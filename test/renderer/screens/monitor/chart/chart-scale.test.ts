import { describe, expect, it } from 'vitest';
import {
  alone,
  niceScale,
  spaceForMarks,
  spread,
} from '../../../../../renderer/screens/monitor/chart/chart-scale.ts';

describe('the scale of a chart', () => {
  it('starts at zero, holds the greatest value, and has three to five round steps', () => {
    for (let power = -4; power < 6; power += 0.037) {
      const greatest = 10 ** power;
      const { top, step } = niceScale(greatest);
      const steps = Math.round(top / step);
      expect(top).toBeGreaterThanOrEqual(greatest * 0.998);
      expect(steps).toBeGreaterThanOrEqual(3);
      expect(steps).toBeLessThanOrEqual(5);
      // The axis asks again with the top that it was given.
      expect(niceScale(top).top).toBeCloseTo(top, 10);
    }
    expect(niceScale(0)).toEqual({ top: 1, step: 0.2 });
    expect(niceScale(Number.NaN).top).toBe(1);
  });

  it('keeps labels apart and inside', () => {
    const space = { gap: 18, least: 0, most: 100 };
    expect(spread([50, 50, 50], space)).toEqual([50, 68, 86]);
    expect(spread([98, 99, 10], space)).toEqual([82, 100, 10]);
    expect(spread([20, 80], space)).toEqual([20, 80]);
  });

  it('knows values that no line leads to', () => {
    expect(alone([1, null, 2, 3, null, null, 4])).toEqual([0, 6]);
    expect(alone([null, undefined, 5, null])).toEqual([2]);
  });
});

describe('words of marks', () => {
  const edges = { left: 0, right: 300, gap: 6 };
  it('stand on both sides where there is room', () => {
    expect(spaceForMarks([{ x: 100, before: 30, after: 30 }], edges)).toEqual([
      { before: true, after: true },
    ]);
  });
  it('never run into each other, into a mark or over an edge', () => {
    const near = [100, 110, 160].map((x) => ({ x, before: 30, after: 30 }));
    expect(spaceForMarks(near, edges)).toEqual([
      { before: true, after: false },
      { before: false, after: true },
      { before: false, after: true },
    ]);
    expect(spaceForMarks([{ x: 20, before: 30, after: 30 }], edges)[0]).toEqual({
      before: false,
      after: true,
    });
    expect(spaceForMarks([{ x: 280, before: 30, after: 30 }], edges)[0]).toEqual({
      before: true,
      after: false,
    });
  });
});
