import type { RunPage, RunPageQuery } from '../../contract/run.ts';
import type { Readable } from './database.ts';
import { createUnsureCounts } from './run-counts.ts';
import { isIndexed } from './run-filter.ts';
import type { RunFilter } from './run-filter.ts';
import { createRunMatches } from './run-matches.ts';
import { orderedSeqs, reversedSpan, unsureByScore, walkOrder } from './run-order.ts';
import { findRun, runRowsAt } from './runs.ts';
import type { RunRecord, StoredRunRow } from './runs.ts';

export type StoredRunPage = Omit<RunPage, 'rows'> & { readonly rows: readonly StoredRunRow[] };

export type RunViews = {
  page(query: RunPageQuery): StoredRunPage;
  /** The seqs of all rows that fit, in the order of the walk. */
  seqs(run: string, filter: RunFilter): readonly number[];
  /** Items of a run on which nothing was found. */
  empty(run: string): number;
};

/** Pages of runs, with what is cached for them. One instance per connection. */
export function createRunViews(db: Readable): RunViews {
  const matches = createRunMatches(db);
  const unsureIn = createUnsureCounts(db);

  /** Seqs of the page, and how many rows fit the query in all. */
  const pageOf = (run: RunRecord, query: RunPageQuery): { seqs: readonly number[]; total: number } => {
    const { show, sort = walkOrder, offset, limit } = query;
    const filter = asStored(query);
    if (isIndexed(filter) && show !== 'unsure') {
      const total = { all: run.items, faults: run.faults, empty: run.empty }[show];
      return { total, seqs: orderedSeqs(db, run, { show, sort, total, offset, limit }) };
    }
    if (isIndexed(filter) && sort.by === 'score') {
      const below = query.unsureBelow;
      const seqs = unsureByScore(db, run, { below, sort, offset, limit });
      return { total: unsureIn(run, below), seqs };
    }
    if (sort.by === 'walk') {
      const seqs = matches.of(run, filter);
      const span = sort.descending ? reversedSpan({ offset, limit }, seqs.length) : { offset, limit };
      const page = seqs.slice(span.offset, span.offset + span.limit);
      return { total: seqs.length, seqs: sort.descending ? page.toReversed() : page };
    }
    const seqs = matches.sorted(run, filter, { ...sort, by: sort.by });
    return { total: seqs.length, seqs: seqs.slice(offset, offset + limit) };
  };

  return {
    empty: (name) => findRun(db, name)?.empty ?? 0,
    seqs(name, filter) {
      const run = findRun(db, name);
      return run ? [...matches.of(run, asStored(filter))] : [];
    },
    page(query) {
      const run = findRun(db, query.run);
      if (!run) return noPage;
      const { items: all, empty, faults } = run;
      const { seqs, total } = pageOf(run, query);
      const rows = runRowsAt(db, run.id, seqs);
      return { rows, total, all, unsure: unsureIn(run, query.unsureBelow), empty, faults };
    },
  };
}

/** The search column is in lower case. */
const asStored = <F extends RunFilter>(filter: F): F => ({
  ...filter,
  search: filter.search.trim().toLowerCase(),
});

export const noPage: StoredRunPage = { rows: [], total: 0, all: 0, unsure: 0, empty: 0, faults: 0 };
