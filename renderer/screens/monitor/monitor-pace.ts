import type { MonitorRange, MonitorSeries } from '../../../contract/serving/monitor.ts';

/** The unit of a rate, chosen so that its numbers are neither 0.000348 nor 4,000: of the greatest of the line. */
type Pace = { readonly per: 'second' | 'minute' | 'hour'; readonly seconds: number };

const paces: readonly Pace[] = [
  { per: 'second', seconds: 1 },
  { per: 'minute', seconds: 60 },
  { per: 'hour', seconds: 3600 },
];

/** The shortest time in which something is answered on average, where most was; by the second when nothing was. */
export function paceOf({ points, now }: Pick<MonitorSeries, 'points' | 'now'>): Pace {
  const greatest = Math.max(now.perSecond, ...points.map(({ perSecond }) => perSecond));
  const second = paces[0]!;
  return greatest > 0 ? (paces.find(({ seconds }) => greatest * seconds >= 1) ?? paces[2]!) : second;
}

/**
 * Answers a second at each point, and whether the last one is of this moment. Only where a point is a minute: beside the
 * means of longer steps a value of now would lie on another scale.
 */
export function ratesOf({ points, now, range }: MonitorSeries): {
  readonly values: readonly number[];
  readonly isLive: boolean;
} {
  const isLive = range === '1h' && now.perSecond > 0;
  const values = points.map(({ perSecond }) => perSecond);
  return { values: isLive ? [...values.slice(0, -1), now.perSecond] : values, isLive };
}

/**
 * What is first shown has something to show: the hour when everything is of the last hour, else the shortest time from a day
 * on in which anything was answered. Null where that is what is shown.
 */
export function firstRange(
  { range, points, models }: MonitorSeries,
  nowSeconds: number,
): MonitorRange | null {
  const first = points.find(({ perSecond, faults }) => perSecond > 0 || faults > 0)?.t;
  if (first === undefined && models.length === 0) {
    return range === '24h' ? '7d' : range === '7d' ? '13w' : null;
  }
  return range === '24h' && first !== undefined && first > nowSeconds - hourSeconds ? '1h' : null;
}
const hourSeconds = 3600;
