import type { Readable } from '../database.ts';
import { putLast } from '../put-last.ts';
import { duplicatesIn } from './duplicates.ts';
import { conditionOf, isIndexed, isOfDuplicates } from './filter.ts';
import type { Asked, Condition, RunFilter } from './filter.ts';
import { originSpans, spansCondition, statedFolders } from './origins.ts';
import type { OriginSpan } from './origins.ts';
import { reviewedAnswers } from './reviews.ts';
import type { RunRecord } from './items.ts';
import { nameOf, startSorting } from './sorting.ts';
import type { Order } from './sorting.ts';

/**
 * The seqs of rows that match a filter, up to `scannedTo`, ascending, and how many replaced rows were taken into account;
 * `sorted` is the same seqs in another order, until there are others.
 */
type View = {
  seqs: number[];
  scannedTo: number;
  changes: number;
  sorted: ReturnType<typeof startSorting> | null;
};
/** `isWhole`: all rows were looked at, and what was found is in its order. */
type Matches = { readonly seqs: readonly number[]; readonly isWhole: boolean };

const mostViews = 12;
/** Rows that are looked at before the clock is: 1 to 2 ms. */
const portion = 2_000;
/** Rows of which an index gives the numbers within a few ms, and rows that it finds one by one in that time. */
const mostIndexed = 30_000;
const mostLookedUp = 5_000;

type RunMatches = {
  /** Looks at rows for `withinMs`, and goes on there when it is asked again. */
  of(run: RunRecord, filter: RunFilter, withinMs: number): Matches;
  /** Nothing before all rows were looked at; then the first of them, as far as they were sorted within the same time. */
  sorted(run: RunRecord, filter: RunFilter, order: Order & { readonly withinMs: number }): Matches;
};

/**
 * Rows that match a filter which no index holds in its order. Rows are appended and rarely replaced, so matches are cached
 * and extended: asking again costs a scan of the rows added since, not of all 250,000.
 */
export function createRunMatches(db: Readable): RunMatches {
  const views = new Map<string, View>();

  const extended = (run: RunRecord, filter: RunFilter, withinMs: number): View => {
    const { show, unsureBelow, search, label, fault, camera, site, from, to, review, duplicates } = filter;
    const spans = originSpans(db, run.id, filter);
    // What a person says of folders changes the sites and times of rows that were looked at.
    const stated = spans === null ? null : statedFolders(db, run.id);
    const reviewed = review === undefined ? null : reviewedAnswers(db, run.id);
    const below = show === 'unsure' ? unsureBelow : 0;
    const name = JSON.stringify([
      [run.id, show, below, search],
      { label, fault, camera, site, from, to },
      stated,
      [review, reviewed?.stamp, duplicates],
    ]);
    const view = views.get(name) ?? { seqs: [], scannedTo: 0, changes: 0, sorted: null };
    putLast(views, [name, view], mostViews);
    extend(db, run, { view, filter, spans, reviewed, untilMs: performance.now() + withinMs });
    return view;
  };

  return {
    of(run, filter, withinMs) {
      const { seqs, scannedTo } = extended(run, filter, withinMs);
      return { seqs, isWhole: scannedTo >= run.items };
    },
    sorted(run, filter, { withinMs, ...order }) {
      const untilMs = performance.now() + withinMs;
      const view = extended(run, filter, withinMs);
      if (view.scannedTo < run.items) return { seqs: [], isWhole: false };
      if (view.sorted?.by !== nameOf(order)) view.sorted = startSorting(db, run, { seqs: view.seqs, order });
      view.sorted.extend(untilMs);
      return view.sorted;
    },
  };
}

type Target = Asked & {
  readonly view: View;
  readonly filter: RunFilter;
  /** Of `performance.now`. */
  readonly untilMs: number;
};

function extend(db: Readable, run: RunRecord, { view, filter, spans, reviewed, untilMs }: Target): void {
  const { sql, values } = conditionOf(filter, { spans, reviewed });
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
  const few = filter.show === 'all' && isIndexed({ ...filter, ...anyOrigin }) ? mostIndexed : mostLookedUp;
  if (view.scannedTo === 0 && spans && areAtMost(db, run, { spans, most: few })) {
    view.seqs = seqsOfSpans(db, run, { filter, spans, reviewed });
    view.scannedTo = run.items;
  }
  if (isOfDuplicates(filter)) return extendByIndex(db, run, { view, filter, untilMs });
  // SQLite makes a table of the keys for each portion: with many of them, portions are as large.
  const size = Math.max(portion, reviewed?.keys.length ?? 0);
  while (view.scannedTo < run.items) {
    const to = Math.min(run.items, view.scannedTo + size);
    const rows = db.column<number>(
      `SELECT seq FROM run_items WHERE run = ? AND seq >= ? AND seq < ? AND ${sql} ORDER BY seq`,
      run.id,
      view.scannedTo,
      to,
      ...values,
    );
    for (const seq of rows) view.seqs.push(seq);
    if (rows.length > 0) view.sorted = null;
    view.scannedTo = to;
    if (performance.now() >= untilMs) break;
  }
}

/** The index has the few that are duplicates; what is left without them needs no look at a row either. */
function extendByIndex(
  db: Readable,
  run: RunRecord,
  { view, filter, untilMs }: Pick<Target, 'view' | 'filter' | 'untilMs'>,
): void {
  while (view.scannedTo < run.items) {
    const span = { from: view.scannedTo, to: Math.min(run.items, view.scannedTo + mostIndexed) };
    const isOnly = filter.duplicates === 'only';
    let next = 0;
    const duplicates = duplicatesIn(db, run.id, span);
    for (let seq = span.from; seq < span.to; seq += 1) {
      const isDuplicate = duplicates[next] === seq;
      if (isDuplicate) next += 1;
      if (isDuplicate === isOnly) view.seqs.push(seq);
    }
    view.sorted = null;
    view.scannedTo = span.to;
    if (performance.now() >= untilMs) return;
  }
}

/** A span at a time: the index is read where its rows are, and nowhere else. */
export const spanRows = (span: OriginSpan): Condition => {
  const { sql, values } = spansCondition([span], (name) => name);
  return { sql: `FROM run_items INDEXED BY run_items_origins WHERE run = ? AND ${sql}`, values };
};

const anyOrigin = { camera: undefined, site: undefined, from: undefined, to: undefined };

function areAtMost(
  db: Readable,
  run: RunRecord,
  { spans, most }: { readonly spans: readonly OriginSpan[]; readonly most: number },
): boolean {
  let left = most;
  for (const { sql, values } of spans.map(spanRows)) {
    const [count = 0] = db.column<number>(
      `SELECT count(*) FROM (SELECT 1 ${sql} LIMIT ?)`,
      run.id,
      ...values,
      left + 1,
    );
    left -= count;
    if (left < 0) return false;
  }
  return true;
}

/** The index has them by origin and time: sorting numbers here spares a temporary B-tree. */
function seqsOfSpans(
  db: Readable,
  run: RunRecord,
  {
    filter,
    spans,
    reviewed,
  }: Pick<Target, 'filter' | 'reviewed'> & { readonly spans: readonly OriginSpan[] },
): number[] {
  const rest = conditionOf(filter, { spans: null, reviewed });
  const seqs = spans
    .map(spanRows)
    .flatMap(({ sql, values }) =>
      db.column<number>(
        `SELECT seq ${sql} AND seq < ? AND ${rest.sql}`,
        run.id,
        ...values,
        run.items,
        ...rest.values,
      ),
    );
  return [...Uint32Array.from(seqs).sort()];
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
