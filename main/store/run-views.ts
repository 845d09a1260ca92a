import type { RunPage, RunPageQuery } from '../../contract/run.ts';
import type { Readable } from './database.ts';
import { findRun, runRow, runRows } from './runs.ts';
import type { StoredRunRow } from './runs.ts';

export type StoredRunPage = Omit<RunPage, 'rows'> & { readonly rows: readonly StoredRunRow[] };

/** Places of the rows that fit a filter, as far as the run was looked through. */
type View = { readonly seqs: number[]; scannedTo: number };
type Filter = Pick<RunPageQuery, 'run' | 'show' | 'unsureBelow' | 'search'>;

const mostViews = 12;

export type RunViews = { page(query: RunPageQuery): StoredRunPage };

/**
 * Pages of runs. Rows are only ever added, so a filter that was applied once goes on where it stopped: any page of any
 * filter costs what came since, not a walk over 250,000 rows. Belongs to one connection.
 */
export function createRunViews(db: Readable): RunViews {
  const views = new Map<string, View>();

  const viewOf = (run: number, filter: Filter): View => {
    const name = JSON.stringify([
      run,
      filter.show,
      filter.show === 'unsure' ? filter.unsureBelow : 0,
      filter.search,
    ]);
    const view = views.get(name) ?? { seqs: [], scannedTo: 0 };
    // The last one asked for is the last one to go.
    views.delete(name);
    views.set(name, view);
    for (const oldest of views.keys()) if (views.size > mostViews) views.delete(oldest);
    extend(db, run, { view, filter });
    return view;
  };

  return {
    page(query) {
      const run = findRun(db, query.run);
      if (!run) return noPage;
      const search = query.search.trim().toLowerCase();
      const unsure = viewOf(run.id, { ...query, show: 'unsure', search: '' }).seqs.length;
      const counts = { all: run.items, unsure, faults: run.faults };
      if (query.show === 'all' && search === '') {
        const rows = runRows(db, run.id, { from: query.offset, limit: query.limit });
        return { rows, total: run.items, ...counts };
      }
      const { seqs } = viewOf(run.id, { ...query, search });
      const rows = seqs
        .slice(query.offset, query.offset + query.limit)
        .flatMap((seq) => runRow(db, run.id, seq) ?? []);
      return { rows, total: seqs.length, ...counts };
    },
  };
}

function extend(db: Readable, run: number, target: { readonly view: View; readonly filter: Filter }): void {
  const { view, filter } = target;
  const last =
    db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM run_items WHERE run = ?', run)?.seq ?? -1;
  if (last < view.scannedTo) return;
  const conditions = { all: '1', faults: 'fault IS NOT NULL', unsure: 'score < ?' }[filter.show];
  const rows = db.all<{ seq: number }>(
    `SELECT seq FROM run_items WHERE run = ? AND seq >= ? AND seq <= ? AND ${conditions}
     ${filter.search === '' ? '' : 'AND instr(search, ?) > 0'} ORDER BY seq`,
    run,
    view.scannedTo,
    last,
    ...(filter.show === 'unsure' ? [filter.unsureBelow] : []),
    ...(filter.search === '' ? [] : [filter.search]),
  );
  for (const { seq } of rows) view.seqs.push(seq);
  view.scannedTo = last + 1;
}

export const noPage: StoredRunPage = { rows: [], total: 0, all: 0, unsure: 0, faults: 0 };
