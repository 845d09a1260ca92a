import { expect, test } from 'vitest';
import { openProgress } from '../../main/cli/progress.ts';
import { terminal } from './terminal.ts';

/** The line that is drawn of 50 items of 1,000. */
function lineOf(pace: { leftMs: number | null; leftRangeMs?: { from: number; to: number } | null }): string {
  const { of, error } = terminal(true);
  openProgress(of, () => 1_000).update(50, 0, { rate: 2.5, ...pace });
  return error();
}

test('the time left is a range as long as no more can be said, then one time', () => {
  const range = { from: 65_000, to: 3_725_000 };
  expect(lineOf({ leftMs: 380_000, leftRangeMs: range })).toContain(
    '50 of 1000 · 2.5/s · 1:05 to 1:02:05 left',
  );
  expect(lineOf({ leftMs: 380_000, leftRangeMs: { from: 379_100, to: 379_900 } })).toContain(
    '2.5/s · 6:20 left',
  );
  expect(lineOf({ leftMs: 380_000, leftRangeMs: null })).toContain('2.5/s · 6:20 left');
  expect(lineOf({ leftMs: null })).not.toContain('left');
});
