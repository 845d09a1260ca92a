import { describe, expect, it } from 'vitest';
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

/* A run of half duplicates: what is computed takes about 100 ms, what is cached one. */
const items = 4_000;
const ofItem = (at: number): number => (Math.imul(at + 1, 2_654_435_761) >>> 0) / 2 ** 32;
const duplicates: Readonly<Record<string, (at: number) => boolean>> = {
  'one after each': (at) => at % 2 === 1,
  'here and there': (at) => ofItem(at) < 0.5,
  'in bursts of thirty': (at) => at % 60 >= 30,
  'in bursts of a hundred, a cached one first': (at) => at % 200 < 100,
};

describe('the time left of a run in which half are duplicates', () => {
  /** The estimate after each item, and the time that was left in truth. */
  function followed(isCached: (at: number) => boolean) {
    const endings: number[] = [];
    let now = 0;
    for (let at = 0; at < items; at += 1)
      endings.push((now += isCached(at) ? 1 : 60 + 80 * ofItem(at + items)));
    const rate = new Rate();
    rate.add(0, 0);
    return endings.map((at, index) => {
      rate.add(index + 1, at, isCached(index));
      return { likely: rate.leftMs(items - index - 1)!, left: now - at, at };
    });
  }

  it.each(Object.entries(duplicates))('is right after a tenth, and stays so: %s', (_, isCached) => {
    const steps = followed(isCached);
    const offs = steps.slice(items / 10, items * 0.8).map(({ likely, left }) => likely / left);
    expect(Math.min(...offs)).toBeGreaterThan(0.7);
    expect(Math.max(...offs)).toBeLessThan(1.4);
  });

  it.each(Object.entries(duplicates))('does not jump from one second to the next: %s', (_, isCached) => {
    const steps = followed(isCached);
    const whole = steps.at(-1)!.at;
    for (let index = items / 10; index < steps.length; index += 1) {
      const [before, after] = [steps[index - 1]!, steps[index]!];
      const moved = Math.abs(after.at + after.likely - before.at - before.likely);
      expect(moved).toBeLessThan(whole * 0.02);
    }
  });

  it('follows where the duplicates are all at the beginning', () => {
    const steps = followed((at) => at < items / 2);
    const { likely, left } = steps[items * 0.7]!;
    expect(likely / left).toBeGreaterThan(0.75);
    expect(likely / left).toBeLessThan(1.25);
  });
});

it('follows a computer that becomes half as fast', () => {
  const rate = new Rate();
  let now = 0;
  for (let at = 0; at < 1_200; at += 1) rate.add(at, (now += at < 1_000 ? 50 : 100));
  expect(rate.leftMs(1_000)).toBeGreaterThan(90_000);
  expect(rate.leftMs(1_000)).toBeLessThan(110_000);
});

describe('the time left is not ruined', () => {
  /** 100 ms an item, and what this says in its place. */
  function after(count: number, msOf: (at: number) => number | undefined): number {
    const rate = new Rate();
    let now = 0;
    rate.add(0, 0);
    for (let at = 1; at <= count; at += 1) rate.add(at, (now += msOf(at) ?? 100));
    return rate.leftMs(1_000)!;
  }

  it('by a model that loads for long before the first answer', () => {
    expect(after(1, () => 5_000)).toBe(5_000_000);
    expect(after(10, (at) => (at === 1 ? 5_000 : undefined))).toBe(100_000);
  });

  it('by one item that hangs for a minute', () => {
    expect(after(500, (at) => (at === 500 ? 60_000 : undefined))).toBeLessThan(130_000);
    expect(after(600, (at) => (at === 500 ? 60_000 : undefined))).toBeLessThan(110_000);
  });

  it('by a night without items in a folder that is watched', () => {
    const rate = new Rate();
    rate.add(0, 0);
    const night = 8 * 3_600_000;
    rate.begin(night);
    for (let at = 1; at <= 3; at += 1) rate.add(at, night + at * 100);
    expect(rate.leftMs(1_000)).toBe(100_000);
  });

  it('by files that cannot be read, which take no time', () => {
    const rate = new Rate();
    let now = 0;
    rate.add(0, 0);
    for (let at = 1; at <= 1_000; at += 1) rate.add(at, (now += 100));
    for (let at = 1_001; at <= 1_050; at += 1) rate.add(at, now, true);
    expect(rate.leftMs(1_000)).toBeGreaterThan(70_000);
  });
});
