import { expect, test } from 'vitest';
import { AwakeClock, setAwakeTimeout } from '../../main/lib/awake-timer.ts';

/** Nothing of this process runs, and its clock goes on: as in the sleep of a computer. */
const sleepThrough = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const firedAt = (ms: number): { readonly at: () => number | null; readonly clear: () => void } => {
  let at: number | null = null;
  const { clear } = setAwakeTimeout(() => (at = performance.now()), ms);
  return { at: () => at, clear };
};

test('what ran out in a sleep waits once more, and fires then', async () => {
  const begun = performance.now();
  const timer = firedAt(400);
  sleepThrough(3_000);
  const wokeUp = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(timer.at()).toBeNull();
  await expect.poll(timer.at, { timeout: 10_000 }).not.toBeNull();
  expect(timer.at()! - wokeUp).toBeGreaterThan(350);
  expect(timer.at()! - begun).toBeGreaterThan(3_350);
}, 20_000);

test('awake, it is a timer, and one that was cleared does not fire', async () => {
  const begun = performance.now();
  const [timer, cleared] = [firedAt(300), firedAt(300)];
  cleared.clear();
  await expect.poll(timer.at, { timeout: 10_000 }).not.toBeNull();
  expect(timer.at()! - begun).toBeGreaterThan(290);
  expect(cleared.at()).toBeNull();
});

test('a clock leaves out what nobody asked in, and goes on from there', () => {
  const clock = new AwakeClock(1_000, 30_000);
  expect([1_000, 5_000, 20_000].map((now) => clock.at(now))).toEqual([0, 4_000, 19_000]);
  expect(clock.at(20_000 + 8 * 3_600_000)).toBe(19_000);
  expect(clock.at(20_000 + 8 * 3_600_000 + 500)).toBe(19_500);
});
