import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitorPoint, MonitorRange } from '../../../contract/serving/monitor.ts';
import { Button } from '../../parts/button.tsx';
import type { ChartMark, Line } from './chart/index.ts';
import { LineChart } from './chart/index.ts';
import { MonitorTable } from './monitor-table.tsx';
import { useTimeFormat } from './use-time-format.ts';

type MonitorChartProps = {
  readonly title: string;
  readonly points: readonly MonitorPoint[];
  readonly range: MonitorRange;
  readonly lines: readonly Line[];
  readonly figure: { readonly value: string; readonly unit: string; readonly isLive?: boolean } | null;
  readonly formatValue: (value: number) => string;
  /** On the axis, where they differ. */
  readonly formatAxis?: (value: number) => string;
  readonly unit?: string;
  readonly top?: number;
  readonly marks?: readonly ChartMark[];
  readonly isLive?: boolean;
};

/** A measure over time: its name, its figure, and its lines or the same as a table. */
export function MonitorChart(props: MonitorChartProps) {
  const { title, points, range, lines, figure, formatValue, unit } = props;
  const { t } = useTranslation();
  const timeFormat = useTimeFormat(range);
  const [isTable, setIsTable] = useState(false);
  const [pointed, setPointed] = useState<number | null>(null);
  const withUnit = (value: number): string => formatValue(value) + (unit ? `\u00A0${unit}` : '');
  const under = pointed === null ? undefined : points[pointed];
  return (
    <section className="monitor-chart" aria-label={title}>
      <header className="monitor-chart-head">
        <h2 className="heading">{title}</h2>
        <Button
          tone="quiet"
          size="small"
          aria-pressed={isTable}
          aria-label={t('monitor.asTable', { title })}
          title={t(isTable ? 'monitor.showLines' : 'monitor.showTable')}
          icon={
            isTable ? (
              <IconChartLine size={16} stroke={1.5} aria-hidden="true" />
            ) : (
              <IconTable size={16} stroke={1.5} aria-hidden="true" />
            )
          }
          onClick={() => setIsTable(!isTable)}
        />
        {under && !isTable ? (
          <p className="monitor-figure" aria-hidden="true">
            <span className="muted">{timeFormat.point(under.t)}</span>{' '}
            {lines.map((line) => formatPoint(line, pointed, withUnit)).join(' · ')}
          </p>
        ) : figure ? (
          <p className="monitor-figure">
            <strong className={figure.isLive ? 'monitor-live' : undefined}>{figure.value}</strong>
            <span className="unit">{figure.unit}</span>
          </p>
        ) : null}
      </header>
      {isTable ? (
        <MonitorTable
          points={points}
          lines={lines}
          formatValue={withUnit}
          formatPoint={timeFormat.point}
          title={title}
        />
      ) : (
        <LineChart
          times={timesOf(points)}
          lines={lines}
          {...(props.top !== undefined && { top: props.top })}
          {...(props.marks && { marks: props.marks })}
          isLive={props.isLive ?? false}
          formatAxis={props.formatAxis ?? formatValue}
          formatTime={timeFormat.axis}
          label={[title, ...lines.map((line) => summaryOf(line, withUnit, t))].join('. ')}
          onPoint={setPointed}
        />
      )}
    </section>
  );
}

const cachedTimes = new WeakMap<readonly MonitorPoint[], readonly number[]>();
function timesOf(points: readonly MonitorPoint[]): readonly number[] {
  const known = cachedTimes.get(points);
  if (known) return known;
  const times = points.map((point) => point.t);
  cachedTimes.set(points, times);
  return times;
}

function formatPoint(line: Line, at: number | null, format: (value: number) => string): string {
  const value = at === null ? null : (line.values[at] ?? null);
  return value === null ? '–' : format(value);
}

/** Summary of a line for screen readers: minimum, maximum and last value. */
function summaryOf(
  { name, values }: Line,
  format: (value: number) => string,
  t: (key: string, values: Record<string, string>) => string,
): string {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return t('monitor.summaryNone', { name });
  return t('monitor.summary', {
    name,
    least: format(Math.min(...known)),
    most: format(Math.max(...known)),
    last: format(last),
  });
}
