import type { LabelScore } from '../../contract/packs/labels.ts';
import type { TrialReport, Verdict } from '../../contract/lifecycle/trial.ts';
import type { Readable, Value, Writable } from './database.ts';
import { change, read } from './declare.ts';

/** A stored item of a comparison. `seq` counts from 0. */
export type StoredTrialItem = {
  readonly seq: number;
  readonly path: string;
  readonly name: string;
  readonly labelId: string;
  readonly label: string;
  readonly verdict: Verdict;
  readonly from: LabelScore | null;
  readonly to: LabelScore | null;
};
type TrialItemsQuery = {
  readonly id: string;
  readonly labelId?: string;
  readonly verdict?: Verdict;
  readonly offset: number;
  readonly limit: number;
};

const mostPerModel = 20;

/** Keeps the newest comparisons of each model; deletes older ones with their items. */
function saveTrial(db: Writable, report: TrialReport, items: readonly StoredTrialItem[]): void {
  const { id, model, to, at } = report;
  db.run(
    'INSERT INTO trials (id, model, "to", at, report) VALUES (?, ?, ?, ?, ?)',
    id,
    model,
    to,
    at,
    JSON.stringify(report),
  );
  for (const item of items)
    db.run(
      'INSERT INTO trial_items (trial, seq, label_id, verdict, item) VALUES (?, ?, ?, ?, ?)',
      id,
      item.seq,
      item.labelId,
      item.verdict,
      JSON.stringify(item),
    );
  db.run(
    `DELETE FROM trials WHERE model = ? AND id NOT IN
       (SELECT id FROM trials WHERE model = ? ORDER BY at DESC, id DESC LIMIT ${mostPerModel})`,
    model,
    model,
  );
}

function trial(db: Readable, model: string, to: string): TrialReport | null {
  const row = db.get<{ report: string }>(
    'SELECT report FROM trials WHERE model = ? AND "to" = ? ORDER BY at DESC, id DESC LIMIT 1',
    model,
    to,
  );
  return row ? (JSON.parse(row.report) as TrialReport) : null;
}

function trialItems(
  db: Readable,
  { id, labelId, verdict, offset, limit }: TrialItemsQuery,
): { items: StoredTrialItem[]; total: number } {
  const where = ['trial = ?'];
  const values: Value[] = [id];
  if (labelId !== undefined) {
    where.push('label_id = ?');
    values.push(labelId);
  }
  if (verdict !== undefined) {
    where.push('verdict = ?');
    values.push(verdict);
  }
  const fits = `FROM trial_items WHERE ${where.join(' AND ')}`;
  const total = db.get<{ n: number }>(`SELECT count(*) AS n ${fits}`, ...values)?.n ?? 0;
  const rows = db.all<{ item: string }>(
    `SELECT item ${fits} ORDER BY seq LIMIT ? OFFSET ?`,
    ...values,
    limit,
    offset,
  );
  return { items: rows.map(({ item }) => JSON.parse(item) as StoredTrialItem), total };
}

type TrialItems = { readonly items: readonly StoredTrialItem[]; readonly total: number };

export const trialQueries = {
  reads: {
    /** The newest comparison whose `to` is this version. */
    trial: read({
      on: 'reader',
      run: ({ db }, model: string, to: string) => trial(db, model, to),
      otherwise: null,
    }),
    trialItems: read({
      on: 'reader',
      run: ({ db }, query: TrialItemsQuery): TrialItems => trialItems(db, query),
      otherwise: { items: [], total: 0 },
    }),
  },
  changes: {
    saveTrial: change({
      run: (db, report: TrialReport, items: readonly StoredTrialItem[]) => saveTrial(db, report, items),
      otherwise: undefined,
    }),
  },
};
