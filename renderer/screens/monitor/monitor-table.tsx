import { useTranslation } from 'react-i18next';
import type { MonitorPoint } from '../../../contract/serving/monitor.ts';
import type { Line } from './chart/index.ts';

type MonitorTableProps = {
  readonly title: string;
  readonly points: readonly MonitorPoint[];
  readonly lines: readonly Line[];
  readonly formatValue: (value: number) => string;
  readonly formatPoint: (seconds: number) => string;
};

/** The values of a chart, newest first. Steps in which nothing happened are left out. */
export function MonitorTable({ title, points, lines, formatValue, formatPoint }: MonitorTableProps) {
  const { t } = useTranslation();
  const rows = points
    .map((point, index) => ({ t: point.t, values: lines.map((line) => line.values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null && value !== 0))
    .toReversed();
  return (
    // What scrolls can be reached by key.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="monitor-table" role="region" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('monitor.when')}</th>
            {lines.map((line) => (
              <th key={line.name} scope="col">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.t}>
              <th scope="row">{formatPoint(row.t)}</th>
              {lines.map((line, index) => {
                const value = row.values[index] ?? null;
                return <td key={line.name}>{value === null ? '–' : formatValue(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p className="muted">{t('monitor.tableEmpty')}</p> : null}
    </div>
  );
}
