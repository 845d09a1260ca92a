import type {
  MonitorNow,
  MonitorPoint,
  MonitorRange,
  MonitorSeries,
} from '../../contract/serving/monitor.ts';
import type { MachineRow, SeriesPage, SeriesSums } from '../store/index.ts';
import { percentile } from './histogram.ts';

/** Seconds of a step, and how many steps: never more than 300 points, and no step finer than what is kept of that age. */
const ranges: Readonly<Record<MonitorRange, { readonly step: number; readonly count: number }>> = {
  '1h': { step: 60, count: 60 },
  '24h': { step: 300, count: 288 },
  '7d': { step: 3_600, count: 168 },
  '13w': { step: 86_400, count: 91 },
};

type TimeWindow = { readonly from: number; readonly to: number; readonly step: number };
/** The steps up to and with the one that `now` (in seconds) is in. */
export function windowOf(range: MonitorRange, now: number): TimeWindow {
  const { step, count } = ranges[range];
  const to = now - (now % step) + step;
  return { from: to - step * count, to, step };
}

type Parts = {
  readonly range: MonitorRange;
  readonly within: TimeWindow;
  readonly page: SeriesPage;
  /** Seconds since 1970. */
  readonly nowS: number;
  readonly now: MonitorNow;
};

export function seriesOf({ range, within, page, nowS, now }: Parts): MonitorSeries {
  const sums = new Map(page.sums.map((one) => [one.at, one]));
  const machine = new Map(page.machine.map((one) => [one.at, one]));
  const points: MonitorPoint[] = [];
  if (sums.size > 0)
    for (let t = within.from; t < within.to; t += within.step) {
      // The step that runs is not over: its rate is over the time that has passed of it.
      const seconds = Math.max(1, Math.min(within.step, nowS - t));
      points.push(pointOf({ t, seconds, sums: sums.get(t), machine: machine.get(t) }));
    }
  return {
    range,
    stepSeconds: within.step,
    points,
    now,
    models: [...page.models],
    total: totalOf(page.sums),
  };
}

type Step = {
  readonly t: number;
  readonly seconds: number;
  readonly sums: SeriesSums | undefined;
  readonly machine: MachineRow | undefined;
};

function pointOf({ t, seconds, sums, machine }: Step): MonitorPoint {
  const counts = sums?.latency ?? {};
  const isKnown = sums !== undefined && sums.answered > 0;
  return {
    t,
    perSecond: (sums?.answered ?? 0) / seconds,
    p50: percentile(counts, 0.5),
    p95: percentile(counts, 0.95),
    p99: percentile(counts, 0.99),
    cachedShare: isKnown ? sums.cached / sums.answered : null,
    batchMean: meanBatch(sums),
    queueMax: machine?.queuedMax ?? null,
    waitMax: isKnown ? sums.waitMaxMs : null,
    faults: sums?.faults ?? 0,
  };
}

function totalOf(all: SeriesPage['sums']): MonitorSeries['total'] {
  const latency: Record<number, number> = {};
  const total = { answered: 0, faults: 0, cached: 0, batches: 0, batchRows: 0 };
  for (const one of all) {
    total.answered += one.answered;
    total.faults += one.faults;
    total.cached += one.cached;
    total.batches += one.batches;
    total.batchRows += one.batchRows;
    for (const [step, times] of Object.entries(one.latency))
      latency[Number(step)] = (latency[Number(step)] ?? 0) + times;
  }
  const { answered, faults, cached } = total;
  return {
    answered,
    faults,
    medianMs: percentile(latency, 0.5),
    cachedShare: answered > 0 ? cached / answered : null,
    batchMean: meanBatch(total),
  };
}

const meanBatch = (sums: Pick<SeriesSums, 'batches' | 'batchRows'> | undefined): number | null =>
  sums !== undefined && sums.batches > 0 ? sums.batchRows / sums.batches : null;
