import type { RunSort } from '../../../contract/runs/run.ts';
import type { Readable, Value } from '../database.ts';
import type { RunRecord } from './items.ts';

export type Order = RunSort & { readonly by: 'label' | 'score' };
/** Matches in an order, as far as they were found in it: the first of them at once, and all once it `isWhole`. */
type Sorting = { readonly by: string; readonly seqs: number[]; readonly isWhole: boolean };

type Sorter = Sorting & { extend(untilMs: number): void };

/** So many are sorted by looking each up, within about 10 ms; of more, the index is walked, which has all rows in this order. */
const mostLookedUp = 3_000;
/** Index entries that are walked before the clock is looked at: about 2 ms. */
const portion = 5_000;

export function startSorting(
  db: Readable,
  run: RunRecord,
  of: { seqs: readonly number[]; order: Order },
): Sorter {
  const by = nameOf(of.order);
  if (of.seqs.length <= mostLookedUp)
    return { by, seqs: lookedUp(db, run, of), isWhole: true, extend: () => undefined };
  const isMatch = new Uint8Array(run.items);
  for (const seq of of.seqs) isMatch[seq] = 1;
  const found: number[] = [];
  const walk = walkIndex(db, run, of.order);
  let isWhole = false;
  return {
    by,
    seqs: found,
    get isWhole() {
      return isWhole;
    },
    extend: (untilMs) => {
      while (!isWhole) {
        const { value, done } = walk.next();
        isWhole = done === true;
        for (const seq of value ?? []) if (isMatch[seq] === 1) found.push(seq);
        if (performance.now() >= untilMs) return;
      }
    },
  };
}

export const nameOf = ({ by, descending }: Order): string => `${by} ${descending}`;

const columns = {
  label: { sql: 'label COLLATE NOCASE', index: 'run_items_labels' },
  score: { sql: 'score', index: 'run_items_scores' },
} as const;

/** The same seqs by label or score, those without one last in the order of the walk. */
function lookedUp(
  db: Readable,
  run: RunRecord,
  { seqs, order: { by, descending } }: { readonly seqs: readonly number[]; readonly order: Order },
): number[] {
  const direction = descending ? 'DESC' : 'ASC';
  return db.column<number>(
    `SELECT seq FROM run_items WHERE run = ? AND seq IN (SELECT value FROM json_each(?))
     ORDER BY ${by} IS NULL, ${columns[by].sql} ${direction}, CASE WHEN ${by} IS NULL THEN seq END, seq ${direction}`,
    run.id,
    JSON.stringify(seqs),
  );
}

/** All rows of a run by label or score, in portions; those without one last in the order of the walk. */
function* walkIndex(db: Readable, run: RunRecord, { by, descending }: Order): Generator<readonly number[]> {
  const { sql: column, index } = columns[by];
  const [direction, behind] = descending ? ['DESC', '<'] : ['ASC', '>'];
  const read = (condition: string, ...values: readonly Value[]): readonly number[] =>
    db.column<number>(
      `SELECT seq FROM run_items INDEXED BY ${index} WHERE run = ? AND seq < ? AND ${condition} LIMIT ${portion}`,
      run.id,
      run.items,
      ...values,
    );
  const inOrder = `ORDER BY ${column} ${direction}, seq ${direction}`;
  let seqs = read(`${by} IS NOT NULL ${inOrder}`);
  for (let last = seqs.at(-1); last !== undefined; last = seqs.at(-1)) {
    yield seqs;
    const value = db.get<{ value: Value }>(
      `SELECT ${by} AS value FROM run_items WHERE run = ? AND seq = ?`,
      run.id,
      last,
    )!.value;
    // Two questions: for one over both columns SQLite would read the index of labels from its start each time.
    seqs = read(`${column} = ? AND seq ${behind} ? ORDER BY seq ${direction}`, value, last);
    if (seqs.length === 0) seqs = read(`${column} ${behind} ? ${inOrder}`, value);
  }
  let from = -1;
  for (;;) {
    const bare = read(`${by} IS NULL AND seq > ? ORDER BY seq`, from);
    const last = bare.at(-1);
    if (last === undefined) return;
    yield bare;
    from = last;
  }
}
