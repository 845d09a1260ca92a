import type { RunPage, RunPageQuery, RunSpan, RunSpanItems } from '../../../contract/runs/run.ts';
import type { Readable } from '../database.ts';
import { createUnsureCounts } from './counts.ts';
import { isIndexed } from './filter.ts';
import type { RunFilter } from './filter.ts';
import { createRunMatches } from './matches.ts';
import { orderedSeqs, reversedSpan, unsureByScore, walkOrder } from './order.ts';
import { reviewedAnswers } from './reviews.ts';
import { findRun, runRowsAt } from './items.ts';
import type { RunRecord, StoredRunRow } from './items.ts';

type StoredRunPage = Omit<RunPage, 'rows'> & { readonly rows: readonly StoredRunRow[] };

export type RunViews = {
  /** What no index holds is looked for `withinMs` before the page is given with what was found so far. */
  page(query: RunPageQuery, withinMs: number): StoredRunPage;
  /** What stands in rows of the list, which may be all of them; time as for a page. */
  span(query: RunSpan, withinMs: number): RunSpanItems;
  /** The seqs of all rows that fit, in the order of the walk. */
  seqs(run: string, filter: RunFilter): readonly number[];
  /** Items of which a person said what is on them. */
  reviewed(run: string): number;
};

type PageSeqs = { readonly seqs: readonly number[]; readonly total: number; readonly isWhole: boolean };

/** Pages of runs, with what is cached for them. One instance per connection. */
export function createRunViews(db: Readable): RunViews {
  const matches = createRunMatches(db);
  const unsureIn = createUnsureCounts(db);

  /** Seqs of the page, and how many rows fit the query in all. */
  const pageOf = (run: RunRecord, query: RunPageQuery, withinMs: number): PageSeqs => {
    const { show, sort = walkOrder, offset, limit } = query;
    const filter = asStored(query);
    if (isIndexed(filter) && show !== 'unsure') {
      const total = { all: run.items, faults: run.faults, empty: run.empty }[show];
      return { total, isWhole: true, seqs: orderedSeqs(db, run, { show, sort, total, offset, limit }) };
    }
    if (isIndexed(filter) && sort.by === 'score') {
      const below = query.unsureBelow;
      const total = unsureIn(run, below);
      return {
        total,
        isWhole: true,
        seqs: unsureByScore(db, run, { below, sort, total, offset, limit }),
      };
    }
    if (sort.by === 'walk' && !sort.descending) {
      const { seqs, isWhole } = matches.of(run, filter, withinMs);
      return { total: seqs.length, isWhole, seqs: seqs.slice(offset, offset + limit) };
    }
    if (sort.by === 'walk') {
      const { seqs, isWhole } = matches.of(run, filter, withinMs);
      if (!isWhole) return { total: 0, isWhole, seqs: [] };
      const span = reversedSpan({ offset, limit }, seqs.length);
      const page = seqs.slice(span.offset, span.offset + span.limit);
      return { total: seqs.length, isWhole, seqs: page.toReversed() };
    }
    const { seqs, isWhole } = matches.sorted(run, filter, { ...sort, by: sort.by, withinMs });
    return { total: seqs.length, isWhole, seqs: seqs.slice(offset, offset + limit) };
  };

  return {
    reviewed(name) {
      const run = findRun(db, name);
      // Of most runs nobody has said anything: then no row is read.
      if (!run || reviewedAnswers(db, run.id).keys.length === 0) return 0;
      const filter = { show: 'all', unsureBelow: 0, search: '', review: 'done' } as const;
      return matches.of(run, filter, Infinity).seqs.length;
    },
    span(query, withinMs) {
      const run = findRun(db, query.run);
      if (!run) return noSpan;
      const { seqs, isWhole } = pageOf(run, query, withinMs);
      return { items: Uint32Array.from(seqs), isWhole };
    },
    seqs(name, filter) {
      const run = findRun(db, name);
      return run ? [...matches.of(run, asStored(filter), Infinity).seqs] : [];
    },
    page(query, withinMs) {
      const run = findRun(db, query.run);
      if (!run) return noPage;
      const { items: all, empty, faults } = run;
      const { seqs, total, isWhole } = pageOf(run, query, withinMs);
      const rows = runRowsAt(db, run.id, seqs);
      return { rows, total, isWhole, all, unsure: unsureIn(run, query.unsureBelow), empty, faults };
    },
  };
}

/** The search column is in lower case. */
const asStored = <F extends RunFilter>(filter: F): F => ({
  ...filter,
  search: filter.search.trim().toLowerCase(),
});

export const noSpan: RunSpanItems = { items: new Uint32Array(), isWhole: true };
export const noPage: StoredRunPage = {
  rows: [],
  total: 0,
  isWhole: true,
  all: 0,
  unsure: 0,
  empty: 0,
  faults: 0,
};
