import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitorPoint, MonitorSeries } from '../../../contract/serving/monitor.ts';
import type { ChartMark } from './chart/index.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { useTimelines } from '../../state/lifecycle.ts';
import { shown } from '../../state/monitor.ts';
import { MonitorChart } from './monitor-chart.tsx';
import { paceOf, ratesOf } from './monitor-pace.ts';
import { switchesOf } from './monitor-switches.ts';

const of =
  <K extends keyof MonitorPoint>(key: K) =>
  (points: readonly MonitorPoint[]): readonly MonitorPoint[K][] =>
    points.map((point) => point[key]);

export function MonitorCharts({ series }: { readonly series: MonitorSeries }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { points, now, total } = series;
  const marks = useSwitchMarks();
  const { values: rates, isLive } = useMemo(() => ratesOf(series), [series]);
  const pace = paceOf(series);
  const share = (value: number): string => numbers.share(value);
  const tenths = useTenths();
  // At most three decimals; smaller rates are shown as 0.
  const rate = (value: number): string => numbers.number(value < 0.001 ? 0 : value, value < 100 ? 3 : 4);
  const lines = useMemo(
    () => ({
      rate: [
        {
          name: t(`monitor.rate.${pace.per}`),
          values: rates.map((value) => value * pace.seconds),
          tone: 'main' as const,
        },
      ],
      time: [
        { name: percent(numbers.share(0.5)), values: of('p50')(points), tone: 'main' as const },
        { name: percent(numbers.share(0.95)), values: of('p95')(points), tone: 'quiet' as const },
        { name: percent(numbers.share(0.99)), values: of('p99')(points), tone: 'dotted' as const },
      ],
      cache: [{ name: t('monitor.cache'), values: of('cachedShare')(points), tone: 'main' as const }],
      queue: [
        { name: t('monitor.waiting'), values: of('queueMax')(points), tone: 'main' as const },
        { name: t('monitor.rows'), values: of('batchMean')(points), tone: 'dotted' as const },
      ],
    }),
    // The formatters depend on the language and are new at every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [points, rates, pace.seconds, t],
  );
  const common = { points, range: series.range };
  const median = isLive ? now.medianMs : total.medianMs;
  return (
    <div className="monitor-charts">
      <MonitorChart
        {...common}
        title={t(`monitor.rate.${pace.per}`)}
        lines={lines.rate}
        figure={{
          value: rate((isLive ? now.perSecond : meanRate(series)) * pace.seconds),
          unit: t(isLive ? `monitor.unit.${pace.per}` : `monitor.mean.${pace.per}`),
          isLive,
        }}
        formatValue={rate}
        unit={t(`monitor.unit.${pace.per}`)}
        isLive={isLive}
      />
      <MonitorChart
        {...common}
        title={t('monitor.time')}
        lines={lines.time}
        figure={median === null ? null : { value: numbers.ms(median), unit: t('monitor.msMedian') }}
        formatAxis={rate}
        formatValue={(value) => tenths(value)}
        unit="ms"
        marks={marks}
      />
      <MonitorChart
        {...common}
        title={t('monitor.cache')}
        lines={lines.cache}
        top={1}
        figure={
          total.cachedShare === null
            ? null
            : { value: share(total.cachedShare), unit: t('monitor.ofAnswers') }
        }
        formatValue={share}
      />
      <MonitorChart
        {...common}
        title={t('monitor.queue')}
        lines={lines.queue}
        figure={
          total.batchMean === null ? null : { value: rate(total.batchMean), unit: t('monitor.rowsMean') }
        }
        formatValue={rate}
      />
    </div>
  );
}

/** A number and its sign on one line, as it is drawn. */
const percent = (text: string): string => text.replace(/\s/u, '\u00A0');

function meanRate({ points, total, stepSeconds }: MonitorSeries): number {
  return total.answered / Math.max(1, points.length * stepSeconds);
}

function useSwitchMarks(): readonly ChartMark[] {
  const { model } = useCell(shown);
  const timelines = useTimelines().data;
  return useMemo(
    () =>
      switchesOf(timelines ?? [], model).map(({ at, from, version }) => ({
        at: Date.parse(at) / 1000,
        before: from ?? '',
        after: version,
      })),
    [timelines, model],
  );
}

/** Below 100 always with a tenth, so that numbers in a column end alike. */
function useTenths(): (value: number) => string {
  const at = useTranslation().i18n.language;
  return useMemo(() => {
    const whole = new Intl.NumberFormat(at, { maximumFractionDigits: 0 });
    const tenth = new Intl.NumberFormat(at, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    return (value) => (value < 100 ? tenth : whole).format(value);
  }, [at]);
}
