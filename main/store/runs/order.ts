import type { RunSort } from '../../../contract/runs/run.ts';
import type { Readable, Value } from '../database.ts';
import type { RunRecord } from './items.ts';

export const walkOrder: RunSort = { by: 'walk', descending: false };
type Span = { readonly offset: number; readonly limit: number };

/*
 * Pages that an index has in their very order. OFFSET walks the index and no rows: 20 to 40 ms for a million entries.
 * Rows behind `run.items` were committed after that was read, and are left to the next page.
 */
export const indexedPages = {
  faults: `SELECT seq FROM run_items INDEXED BY run_items_faults
    WHERE run = ? AND is_fault = 1 AND seq < ? ORDER BY seq`,
  empty: `SELECT seq FROM run_items INDEXED BY run_items_empty
    WHERE run = ? AND label IS NULL AND is_fault = 0 AND seq < ? ORDER BY seq`,
  score: `SELECT seq FROM run_items INDEXED BY run_items_scores
    WHERE run = ? AND score IS NOT NULL AND seq < ? ORDER BY score`,
  label: `SELECT seq FROM run_items INDEXED BY run_items_labels
    WHERE run = ? AND label IS NOT NULL AND seq < ? ORDER BY label COLLATE NOCASE`,
  unsure: `SELECT seq FROM run_items INDEXED BY run_items_scores
    WHERE run = ? AND score < ? AND seq < ? ORDER BY score`,
  withoutScore: `SELECT seq FROM run_items INDEXED BY run_items_scores
    WHERE run = ? AND score IS NULL AND seq < ? ORDER BY score`,
  withoutLabel: `SELECT seq FROM run_items INDEXED BY run_items_labels
    WHERE run = ? AND label IS NULL AND seq < ? ORDER BY label COLLATE NOCASE`,
} as const;

type Ordered = {
  readonly show: 'all' | 'faults' | 'empty';
  readonly sort: RunSort;
  /** Rows that are shown so. */
  readonly total: number;
};

/** Seqs of a page of all rows, of those with a fault or of the empty ones, in this order. */
export function orderedSeqs(
  db: Readable,
  run: RunRecord,
  { show, sort, total, ...span }: Span & Ordered,
): readonly number[] {
  // Neither faults nor empty items have what could be sorted by.
  if (show === 'all' && sort.by !== 'walk') return sortedSeqs(db, run, { by: sort.by, sort, ...span });
  const isReversed = sort.by === 'walk' && sort.descending;
  const { offset, limit } = isReversed ? reversedSpan(span, total) : span;
  const seqs =
    show === 'all'
      ? Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => offset + at)
      : db.column<number>(`${indexedPages[show]} LIMIT ? OFFSET ?`, run.id, run.items, limit, offset);
  return isReversed ? seqs.toReversed() : seqs;
}

/** What has no label or score, which are faults and empty items, comes behind all that have one, whatever the direction. */
function sortedSeqs(
  db: Readable,
  run: RunRecord,
  { by, sort, offset, limit }: Span & { readonly by: 'label' | 'score'; readonly sort: RunSort },
): readonly number[] {
  const having = run.items - run.faults - run.empty;
  const values = [run.id, run.items];
  const first = { sql: indexedPages[by], values, isDescending: sort.descending, count: having };
  const seqs = offset < having ? indexPage(db, first, { offset, limit }) : [];
  if (seqs.length === limit) return seqs;
  const sql = indexedPages[by === 'label' ? 'withoutLabel' : 'withoutScore'];
  const span = { offset: Math.max(0, offset - having), limit: limit - seqs.length };
  return [...seqs, ...indexPage(db, { sql, values, isDescending: false, count: run.items - having }, span)];
}

type IndexPart = {
  readonly sql: string;
  readonly values: readonly Value[];
  readonly isDescending: boolean;
  /** Entries of this part. */
  readonly count: number;
};

/** A page in the second half is read from the other end: an offset costs a step for each entry before it. */
function indexPage(db: Readable, of: IndexPart, span: Span): readonly number[] {
  const isFar = span.offset > of.count / 2;
  const { offset, limit } = isFar ? reversedSpan(span, of.count) : span;
  // Both directions at once: an index is read from its end, and nothing is sorted.
  const sql = `${of.sql}${of.isDescending === isFar ? ', seq' : ' DESC, seq DESC'} LIMIT ? OFFSET ?`;
  const seqs = db.column<number>(sql, ...of.values, limit, offset);
  return isFar ? seqs.toReversed() : seqs;
}

/** Seqs of a page of those whose first label's score lies below a threshold, by that score. `total`: how many do. */
export function unsureByScore(
  db: Readable,
  run: RunRecord,
  { below, sort, total, ...span }: Span & Pick<Ordered, 'sort' | 'total'> & { readonly below: number },
): readonly number[] {
  const values = [run.id, below, run.items];
  return indexPage(
    db,
    { sql: indexedPages.unsure, values, isDescending: sort.descending, count: total },
    span,
  );
}

/** Where a page lies when it is counted from the end. */
export function reversedSpan({ offset, limit }: Span, total: number): Span {
  const to = Math.max(0, total - offset);
  const from = Math.max(0, to - limit);
  return { offset: from, limit: to - from };
}
