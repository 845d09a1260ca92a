import type { RunSort } from '../../contract/run.ts';
import type { Readable } from './database.ts';
import { putLast } from './put-last.ts';
import { conditionOf, isIndexed } from './run-filter.ts';
import type { RunFilter } from './run-filter.ts';
import type { RunRecord } from './runs.ts';

/**
 * The seqs of rows that match a filter, up to `scannedTo`, ascending, and how many replaced rows were taken into account;
 * `sorted` is the same seqs in the order of `by` until there are others.
 */
type View = {
  seqs: number[];
  scannedTo: number;
  changes: number;
  sorted: { readonly by: string; readonly seqs: readonly number[] } | null;
};
type Order = RunSort & { readonly by: 'label' | 'score' };

const mostViews = 12;

export type RunMatches = {
  of(run: RunRecord, filter: RunFilter): readonly number[];
  sorted(run: RunRecord, filter: RunFilter, order: Order): readonly number[];
};

/**
 * Rows that match a filter which no index holds in its order. Rows are appended and rarely replaced, so matches are cached
 * and extended: asking again costs a scan of the rows added since, not of all 250,000.
 */
export function createRunMatches(db: Readable): RunMatches {
  const views = new Map<string, View>();

  const viewOf = (run: RunRecord, filter: RunFilter): View => {
    const { show, unsureBelow, search, label = null, fault = null } = filter;
    const name = JSON.stringify([run.id, show, show === 'unsure' ? unsureBelow : 0, search, label, fault]);
    const view = views.get(name) ?? { seqs: [], scannedTo: 0, changes: 0, sorted: null };
    putLast(views, [name, view], mostViews);
    extend(db, run, { view, filter });
    return view;
  };

  return {
    of: (run, filter) => viewOf(run, filter).seqs,
    sorted(run, filter, order) {
      const view = viewOf(run, filter);
      const by = `${order.by} ${order.descending}`;
      if (view.sorted?.by !== by) view.sorted = { by, seqs: inOrder(db, run, { seqs: view.seqs, order }) };
      return view.sorted.seqs;
    },
  };
}

export const unsureSeqs =
  'SELECT seq FROM run_items INDEXED BY run_items_scores WHERE run = ? AND score < ? AND seq < ?';

function extend(
  db: Readable,
  run: RunRecord,
  target: { readonly view: View; readonly filter: RunFilter },
): void {
  const { view, filter } = target;
  const { sql, values } = conditionOf(filter);
  if (run.changes > view.changes) {
    const replaced = db.all<{ seq: number; fits: number }>(
      `SELECT seq, ${sql} AS fits FROM run_items WHERE run = ? AND changed > ? AND seq < ?`,
      ...values,
      run.id,
      view.changes,
      view.scannedTo,
    );
    for (const row of replaced) place(view.seqs, row.seq, row.fits === 1);
    view.changes = run.changes;
    view.sorted = null;
  }
  if (run.items <= view.scannedTo) return;
  if (view.scannedTo === 0 && filter.show === 'unsure' && isIndexed(filter)) {
    // The index has them in the order of scores: sorting numbers here spares a temporary B-tree.
    const seqs = db.column<number>(unsureSeqs, run.id, filter.unsureBelow, run.items);
    view.seqs = [...Uint32Array.from(seqs).sort()];
  } else {
    const rows = db.column<number>(
      `SELECT seq FROM run_items WHERE run = ? AND seq >= ? AND seq < ? AND ${sql} ORDER BY seq`,
      run.id,
      view.scannedTo,
      run.items,
      ...values,
    );
    for (const seq of rows) view.seqs.push(seq);
    if (rows.length > 0) view.sorted = null;
  }
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

/** The same seqs by label or score, those without one last in the order of the walk. */
function inOrder(
  db: Readable,
  run: RunRecord,
  { seqs, order }: { readonly seqs: readonly number[]; readonly order: Order },
): readonly number[] {
  const column = order.by === 'label' ? 'label COLLATE NOCASE' : 'score';
  const direction = order.descending ? 'DESC' : 'ASC';
  return db.column<number>(
    `SELECT seq FROM run_items WHERE run = ? AND seq IN (SELECT value FROM json_each(?))
     ORDER BY ${order.by} IS NULL, ${column} ${direction}, CASE WHEN ${order.by} IS NULL THEN seq END, seq ${direction}`,
    run.id,
    JSON.stringify(seqs),
  );
}
