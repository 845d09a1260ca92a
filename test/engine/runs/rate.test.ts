import { expect, it } from 'vitest';
import { Rate, spreadOf } from '../../../main/engine/runs/rate.ts';

/** Answers at an even pace: `perSecond` of them, for so many seconds. */
function paced(perSecond: number, seconds: number): { rate: Rate; count: number } {
  const rate = new Rate();
  let count = 0;
  for (let ms = 0; ms <= seconds * 1000; ms += 1000 / perSecond) {
    rate.add(count, ms);
    count += 1;
  }
  return { rate, count };
}

it('the bounds of the time left hold it between them, and come nearer with each answer', () => {
  const early = paced(10, 2);
  const late = paced(10, 60);
  const widthOf = ({ rate, count }: typeof early): number => {
    const { from, to } = rate.leftRangeMs(1_000, count)!;
    expect(from).toBeLessThan(100_000);
    expect(to).toBeGreaterThan(100_000);
    return to / from;
  };
  expect(widthOf(early)).toBeGreaterThan(widthOf(late));
});

it('nothing is said before anything was measured', () => {
  const rate = new Rate();
  rate.add(0, 0);
  expect(rate.leftRangeMs(1_000, 0)).toBeNull();
});

it('one that goes on counts from where it is', () => {
  const rate = new Rate();
  for (let at = 0; at < 20; at += 1) rate.add(50_000 + at, at * 100);
  const { from, to } = rate.leftRangeMs(1_000, 50_020)!;
  expect(to / from).toBeGreaterThan(1.5);
});

it('is never wider than a factor of three, nor narrower than photos differ', () => {
  expect(spreadOf(1)).toBe(3);
  expect(spreadOf(1_000_000)).toBe(1.15);
  expect(spreadOf(16, 0.5)).toBe(1.25);
});
