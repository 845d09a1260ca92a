import { expect, test } from 'vitest';
import { createSizing } from '../../main/lib/sizing.ts';
import type { SizingFigures } from '../../main/lib/sizing.ts';

const gibibyte = 1024 ** 3;
const usual: SizingFigures = {
  workers: 1,
  least: 1,
  most: 4,
  isGrowing: false,
  waitMs: 0,
  workerBytes: gibibyte,
};

/** Looks so often, as workers come and go by what it says; the free memory is what they leave of `memoryGib`. */
function play(
  looks: number,
  { waitMs, workers, memoryGib }: Record<'waitMs' | 'workers' | 'memoryGib', number>,
) {
  let now = workers;
  const sizing = createSizing(() => Math.max(0, memoryGib - now) * gibibyte);
  const seen: number[] = [];
  for (let at = 0; at < looks; at += 1) {
    now += sizing.look({ ...usual, workers: now, waitMs });
    seen.push(now);
  }
  return seen;
}

test('one more at each look while requests wait, as far as the most and the memory go', () => {
  expect(play(5, { waitMs: 500, workers: 1, memoryGib: 64 })).toEqual([2, 3, 4, 4, 4]);
  // The last one has to leave room for another.
  expect(play(5, { waitMs: 500, workers: 1, memoryGib: 4.5 })).toEqual([2, 3, 3, 3, 3]);
  const sizing = createSizing(() => 64 * gibibyte);
  expect(sizing.look({ ...usual, waitMs: 500, isGrowing: true }), 'while one is on its way').toBe(0);
  expect(sizing.look({ ...usual, waitMs: 90 })).toBe(0);
});

test('one fewer after half a minute without a wait, never below the fewest; a wait begins it anew', () => {
  const seen = play(200, { waitMs: 0, workers: 3, memoryGib: 64 });
  expect(seen[58]).toBe(3);
  expect(seen[59]).toBe(2);
  expect(seen[119]).toBe(1);
  expect(seen[199]).toBe(1);
  const sizing = createSizing(() => 64 * gibibyte);
  for (let at = 0; at < 50; at += 1) sizing.look({ ...usual, workers: 2 });
  expect(sizing.look({ ...usual, workers: 4, waitMs: 500 })).toBe(0);
  for (let at = 0; at < 59; at += 1) expect(sizing.look({ ...usual, workers: 2 })).toBe(0);
  expect(sizing.look({ ...usual, workers: 2 })).toBe(-1);
});

test('memory that stays short takes workers though requests wait, and none comes back until there is room for two', () => {
  // Each takes a gibibyte of three and a bit.
  const seen = play(40, { waitMs: 500, workers: 3, memoryGib: 3.1 });
  expect(seen[4]).toBe(3);
  expect(seen[5]).toBe(2);
  expect(seen.at(-1)).toBe(2);
});
