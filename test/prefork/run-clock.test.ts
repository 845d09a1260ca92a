import { expect, test } from 'vitest';
import { deadlineAt, limitAt, modelAt, msOf, postponeDeadline } from '../../main/prefork/worker/run-clock.ts';

const limitMs = 20_000;
/** A run that has this much of its time left. */
const runWith = (leftMs: number): Int32Array => {
  const memory = new Int32Array(new SharedArrayBuffer(12));
  memory[modelAt] = 1;
  memory[limitAt] = limitMs;
  memory[deadlineAt] = (msOf() + leftMs) | 1;
  return memory;
};
const leftOf = (memory: Int32Array): number => (memory[deadlineAt]! - msOf()) | 0;
const isAbout = (ms: number, wanted: number): void => {
  expect(ms).toBeGreaterThan(wanted - 1_000);
  expect(ms).toBeLessThanOrEqual(wanted + 1);
};

test('a run whose time ran out in a sleep has afterwards what it had before', () => {
  const eightHoursMs = 8 * 3_600_000;
  const memory = runWith(7_000 - eightHoursMs);
  postponeDeadline(memory, eightHoursMs);
  isAbout(leftOf(memory), 7_000);
  // The next sleep as well.
  memory[deadlineAt] = (memory[deadlineAt]! - 60_000) | 1;
  postponeDeadline(memory, 60_000);
  isAbout(leftOf(memory), 7_000);
});

test('a run that began after the sleep gets no more than its time', () => {
  const memory = runWith(limitMs - 10);
  postponeDeadline(memory, 8 * 3_600_000);
  isAbout(leftOf(memory), limitMs);
});

test('without a run there is no deadline afterwards either', () => {
  const memory = new Int32Array(new SharedArrayBuffer(12));
  postponeDeadline(memory, 30_000);
  expect(memory[deadlineAt]).toBe(0);
});

test('where the time was over before the sleep, it stays so', () => {
  const memory = runWith(-500 - 30_000);
  postponeDeadline(memory, 30_000);
  expect(leftOf(memory)).toBeLessThan(0);
});
