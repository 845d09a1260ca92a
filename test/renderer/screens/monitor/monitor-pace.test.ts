import { describe, expect, it } from 'vitest';
import type { MonitorPoint, MonitorRange, MonitorSeries } from '../../../../contract/serving/monitor.ts';
import { firstRange, paceOf, ratesOf } from '../../../../renderer/screens/monitor/monitor-pace.ts';

const now = 1_800_000_000;
const point = (t: number, perSecond: number) => ({ t, perSecond, faults: 0 }) as MonitorPoint;
const series = (range: MonitorRange, points: readonly MonitorPoint[], perSecond = 0) =>
  ({
    range,
    points,
    models: points.some((each) => each.perSecond > 0) ? ['birds'] : [],
    now: { perSecond },
  }) as unknown as MonitorSeries;

describe('a rate', () => {
  it('is said by the second, minute or hour, so that its greatest number is at least one', () => {
    expect(paceOf(series('1h', [point(now, 3)])).per).toBe('second');
    expect(paceOf(series('1h', [point(now, 0.02)])).per).toBe('minute');
    expect(paceOf(series('13w', [point(now, 0.000348)])).per).toBe('hour');
    expect(paceOf(series('1h', [])).per).toBe('second');
  });

  it('ends in this moment only where a point is a minute, and then in the very figure that is shown', () => {
    const points = [point(now - 60, 2), point(now, 0.5)];
    expect(ratesOf(series('1h', points, 15.6))).toEqual({ values: [2, 15.6], isLive: true });
    expect(ratesOf(series('24h', points, 15.6))).toEqual({ values: [2, 0.5], isLive: false });
    expect(ratesOf(series('1h', points))).toEqual({ values: [2, 0.5], isLive: false });
  });
});

describe('what is first shown', () => {
  it('is the hour when all is of it, the day as a rule, and longer when the day has nothing', () => {
    const hours = (ago: number) => now - ago * 3600;
    expect(firstRange(series('24h', [point(hours(20), 0), point(hours(0.2), 1)]), now)).toBe('1h');
    expect(firstRange(series('24h', [point(hours(20), 1), point(hours(0.2), 1)]), now)).toBeNull();
    expect(firstRange(series('24h', []), now)).toBe('7d');
    expect(firstRange(series('7d', []), now)).toBe('13w');
    expect(firstRange(series('13w', []), now)).toBeNull();
    expect(firstRange(series('7d', [point(hours(50), 1)]), now)).toBeNull();
  });
});
