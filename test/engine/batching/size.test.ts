import { expect, test } from 'vitest';
import { batchSize } from '../../../main/engine/batching/size.ts';
import type { BatchSize } from '../../../main/engine/batching/size.ts';

/** Puts so many batches together while so many rows wait; gives their sizes. */
function play(
  size: BatchSize,
  { waiting, batches, msOf }: { waiting: number; batches: number; msOf: (rows: number) => number },
): readonly number[] {
  return Array.from({ length: batches }, () => {
    const rows = Math.min(waiting, size.next());
    size.ran(rows, msOf(rows));
    return rows;
  });
}
const shareOf = (sizes: readonly number[], fits: (rows: number) => boolean): number =>
  sizes.filter(fits).length / sizes.length;

test('rows run one by one where merging gains nothing, however few wait', () => {
  for (const waiting of [2, 3, 6, 20]) {
    const size = batchSize({});
    play(size, { waiting, batches: 2000, msOf: (rows) => 10 * rows });
    const sizes = play(size, { waiting, batches: 256, msOf: (rows) => 10 * rows });
    expect(
      shareOf(sizes, (rows) => rows === 1),
      `${waiting} wait`,
    ).toBeGreaterThan(0.95);
  }
});

test('batches grow while rows get clearly cheaper, and no further than the first row may wait', () => {
  const cheap = batchSize({});
  play(cheap, { waiting: 200, batches: 400, msOf: (rows) => 1 + 0.01 * rows });
  expect(cheap.most).toBe(128);
  const slow = batchSize({});
  play(slow, { waiting: 200, batches: 1000, msOf: (rows) => 10 + 5 * rows });
  expect(slow.most).toBeLessThanOrEqual(8);
  expect(slow.most).toBeGreaterThanOrEqual(4);
});

test('a machine that got busy is not taken for batches that got dear', () => {
  const size = batchSize({});
  // Alone a row takes 5 ms; beside others everything takes twice as long, and two together save 40 %.
  play(size, { waiting: 1, batches: 100, msOf: () => 5 });
  const busy = (rows: number): number => (rows === 1 ? 10 : 6 * rows);
  play(size, { waiting: 3, batches: 2000, msOf: busy });
  const sizes = play(size, { waiting: 3, batches: 256, msOf: busy });
  expect(shareOf(sizes, (rows) => rows > 1)).toBeGreaterThan(0.9);
});

test('what a person set stays', () => {
  const size = batchSize({ allowed_batch_sizes: [2, 4] });
  const sizes = play(size, { waiting: 9, batches: 300, msOf: (rows) => 10 * rows });
  expect(new Set(sizes)).toEqual(new Set([4]));
  expect([size.paddedTo(1), size.paddedTo(3)]).toEqual([2, 4]);
});
