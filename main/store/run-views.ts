import type { RunPage, RunPageQuery } from '../../contract/run.ts';
import type { Readable } from './database.ts';
import { findRun, runRows, runRowsAt } from './runs.ts';
import type { RunRecord, StoredRunRow } from './runs.ts';

export type StoredRunPage = Omit<RunPage, 'rows'> & { readonly rows: readonly StoredRunRow[] };

/** The seqs of rows that match a filter, up to `scannedTo`, and how many replaced rows were taken into account. */
type View = { readonly seqs: number[]; scannedTo: number; changes: number };
type Filter = Pick<RunPageQuery, 'show' | 'unsureBelow' | 'search' | 'label' | 'fault'>;

const mostViews = 12;

export type RunViews = {
  page(query: RunPageQuery): StoredRunPage;
  /** The seqs of all rows that fit, in their order. */
  seqs(run: string, filter: Filter): readonly number[];
  /** Items of a run on which nothing was found. */
  empty(run: string): number;
};

/**
 * Pages of filtered runs. Rows are appended and rarely replaced, so a filter's matches are cached and extended: a page
 * costs a scan of the rows added since, not of all 250,000. One instance per connection.
 */
export function createRunViews(db: Readable): RunViews {
  const views = new Map<string, View>();

  const viewOf = (run: RunRecord, filter: Filter): View => {
    const name = JSON.stringify([
      run.id,
      filter.show,
      filter.show === 'unsure' ? filter.unsureBelow : 0,
      filter.search,
      filter.label ?? null,
      filter.fault ?? null,
    ]);
    const view = views.get(name) ?? { seqs: [], scannedTo: 0, changes: 0 };
    // Moves the view to the end of the map: the least recently used one is evicted first.
    views.delete(name);
    views.set(name, view);
    for (const oldest of views.keys()) if (views.size > mostViews) views.delete(oldest);
    extend(db, run, { view, filter });
    return view;
  };

  const emptyOf = (run: RunRecord): number =>
    viewOf(run, { show: 'empty', unsureBelow: 0, search: '' }).seqs.length;

  return {
    empty(name) {
      const run = findRun(db, name);
      return run ? emptyOf(run) : 0;
    },
    seqs(name, filter) {
      const run = findRun(db, name);
      return run ? [...viewOf(run, { ...filter, search: filter.search.trim().toLowerCase() }).seqs] : [];
    },
    page(query) {
      const run = findRun(db, query.run);
      if (!run) return noPage;
      const search = query.search.trim().toLowerCase();
      const { unsureBelow, label, fault } = query;
      const unsure = viewOf(run, { show: 'unsure', unsureBelow, search: '' }).seqs.length;
      const counts = { all: run.items, unsure, empty: emptyOf(run), faults: run.faults };
      if (query.show === 'all' && search === '' && label === undefined && fault === undefined) {
        const rows = runRows(db, run.id, { from: query.offset, limit: query.limit });
        return { rows, total: run.items, ...counts };
      }
      const { seqs } = viewOf(run, { ...query, search });
      const rows = runRowsAt(db, run.id, seqs.slice(query.offset, query.offset + query.limit));
      return { rows, total: seqs.length, ...counts };
    },
  };
}

function extend(
  db: Readable,
  run: RunRecord,
  target: { readonly view: View; readonly filter: Filter },
): void {
  const { view, filter } = target;
  const shown = {
    all: '1',
    faults: 'fault IS NOT NULL',
    unsure: 'coalesce(score < ?, 0)',
    empty: 'label IS NULL AND fault IS NULL',
  }[filter.show];
  const fits = `${shown}
    ${filter.search === '' ? '' : 'AND instr(search, ?) > 0'}
    ${filter.fault === undefined ? '' : "AND fault IS NOT NULL AND json_extract(fault, '$.code') = ?"}
    ${filter.label === undefined ? '' : 'AND fault IS NULL AND instr(search || char(10), ?) > 0'}`;
  const values = [
    ...(filter.show === 'unsure' ? [filter.unsureBelow] : []),
    ...(filter.search === '' ? [] : [filter.search]),
    ...(filter.fault === undefined ? [] : [filter.fault]),
    // In the search column each label stands on a line of its own after the name.
    ...(filter.label === undefined ? [] : [`\n${filter.label.toLowerCase()}\n`]),
  ];
  if (run.changes > view.changes) {
    const replaced = db.all<{ seq: number; fits: number }>(
      `SELECT seq, ${fits} AS fits FROM run_items WHERE run = ? AND changed > ? AND seq < ?`,
      ...values,
      run.id,
      view.changes,
      view.scannedTo,
    );
    for (const row of replaced) place(view.seqs, row.seq, row.fits === 1);
    view.changes = run.changes;
  }
  if (run.items <= view.scannedTo) return;
  const rows = db.all<{ seq: number }>(
    `SELECT seq FROM run_items WHERE run = ? AND seq >= ? AND seq < ? AND ${fits} ORDER BY seq`,
    run.id,
    view.scannedTo,
    run.items,
    ...values,
  );
  for (const { seq } of rows) view.seqs.push(seq);
  view.scannedTo = run.items;
}

/** Inserts a seq into the sorted list, or removes it. */
function place(seqs: number[], seq: number, isIn: boolean): void {
  let from = 0;
  for (let to = seqs.length; from < to;) {
    const middle = (from + to) >>> 1;
    if ((seqs[middle] ?? 0) < seq) from = middle + 1;
    else to = middle;
  }
  const wasIn = seqs[from] === seq;
  if (isIn && !wasIn) seqs.splice(from, 0, seq);
  if (!isIn && wasIn) seqs.splice(from, 1);
}

export const noPage: StoredRunPage = { rows: [], total: 0, all: 0, unsure: 0, empty: 0, faults: 0 };
