import type { Writable } from './database.ts';
import { laterChange, read } from './declare.ts';
import {
  addMachine,
  addRow,
  addSeries,
  countsOf,
  series,
  selectMachine,
  selectRows,
  spans,
} from './series.ts';
import type {
  MachineRow,
  SeriesEntry,
  SeriesPage,
  SeriesQuery,
  SeriesRow,
  Span,
  StoredSeriesRow,
} from './series.ts';

/**
 * The day view reads minutes, the two-week view hours, the thirteen-week view days; one hour more, so that the first
 * step is complete.
 */
const minuteRetentionS = 25 * spans.hour;
const hourRetentionS = 14 * spans.day;
const dayRetentionS = 13 * 7 * spans.day;
/**
 * Rows per portion: small enough that a prediction asked meanwhile is not held up noticeably. The rest follows with the
 * next calls.
 */
const portion = 500;

/**
 * Rolls minutes up into hours and hours into days, and deletes what is older than 13 weeks. Must run inside the
 * caller's transaction.
 */
function rollUpSeries(db: Writable, nowMs: number): void {
  const now = Math.floor(nowMs / 1000);
  rollUp(db, { from: spans.minute, to: spans.hour, before: startOf(now - minuteRetentionS, spans.hour) });
  rollUp(db, { from: spans.hour, to: spans.day, before: startOf(now - hourRetentionS, spans.day) });
  const oldest = startOf(now - dayRetentionS, spans.day);
  for (const span of Object.values(spans)) {
    db.run('DELETE FROM series WHERE span = ? AND at < ?', span, oldest);
    db.run('DELETE FROM machine_series WHERE span = ? AND at < ?', span, oldest);
  }
}

const startOf = (second: number, span: Span): number => second - (second % span);

type Roll = { readonly from: Span; readonly to: Span; readonly before: number };

function rollUp(db: Writable, { from, to, before }: Roll): void {
  const old = 'WHERE span = ? AND at < ? ORDER BY at LIMIT ?';
  for (const { latency, ...row } of db.all<StoredSeriesRow>(`${selectRows} ${old}`, from, before, portion)) {
    const whole: SeriesRow = { ...row, at: startOf(row.at, to), latency: countsOf(latency) };
    addRow(db, to, whole);
    db.run(
      'DELETE FROM series WHERE span = ? AND at = ? AND model = ? AND version = ? AND door = ?',
      from,
      row.at,
      row.model,
      row.version,
      row.client,
    );
  }
  for (const row of db.all<MachineRow>(`${selectMachine} ${old}`, from, before, portion)) {
    addMachine(db, to, { ...row, at: startOf(row.at, to) });
    db.run('DELETE FROM machine_series WHERE span = ? AND at = ?', from, row.at);
  }
}

export const seriesQueries = {
  reads: {
    series: read({
      on: 'reader',
      run: ({ db }, query: SeriesQuery): SeriesPage => series(db, query),
      otherwise: { sums: [], machine: [], models: [] },
    }),
  },
  changes: {
    /** Adds to the given minutes; rolls old rows up into hours and days, and deletes them after 13 weeks. */
    addSeries: laterChange({
      run: (db, entry: SeriesEntry, nowMs: number) => {
        addSeries(db, entry);
        rollUpSeries(db, nowMs);
      },
    }),
  },
};
