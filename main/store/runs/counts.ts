import type { Readable } from '../database.ts';
import { putLast } from '../put-last.ts';
import type { RunRecord } from './items.ts';

type Count = { readonly count: number; readonly scannedTo: number; readonly changes: number };

/** Runs and thresholds that are remembered at most. */
const mostCounts = 12;

/** 60 ns an entry of a narrow index. */
export const unsureCount =
  'SELECT count(*) FROM run_items INDEXED BY run_items_scores WHERE run = ? AND score < ? AND seq < ?';
// The unary plus keeps the planner from the index, which knows nothing of rows that were added since.
const addedCount =
  'SELECT count(*) FROM run_items WHERE run = ? AND seq >= ? AND seq < ? AND coalesce(+score < ?, 0)';

/** Counts items of a run whose first label's score lies below a threshold; of a count that is known, only rows added since. */
export function createUnsureCounts(db: Readable): (run: RunRecord, below: number) => number {
  const counts = new Map<string, Count>();
  return (run, below) => {
    const name = `${run.id} ${below}`;
    const known = counts.get(name);
    const count =
      known?.changes === run.changes
        ? known.count + one(db.column<number>(addedCount, run.id, known.scannedTo, run.items, below))
        : one(db.column<number>(unsureCount, run.id, below, run.items));
    putLast(counts, [name, { count, scannedTo: run.items, changes: run.changes }], mostCounts);
    return count;
  };
}

const one = ([count = 0]: readonly number[]): number => count;
