import type { Fault } from '../../contract/faults.ts';
import type { RunRow } from '../../contract/run.ts';
import { fromStorable, toStorable } from '../lib/file-names.ts';
import type { Readable, Writable } from './database.ts';

export type RunHead = {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
  readonly startedAt: string;
};
/** A finished item of a run; `seq` is given by the store in order of arrival. `key` is the answer's result key. */
export type RunItemEntry = {
  readonly run: string;
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  readonly label: string | null;
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly cached: boolean;
  readonly fault: Fault | null;
};
/** A row as the store has it: the engine turns `path` into a FileRef. `name` is what the run calls the item: its folders below the run's own, then the file. */
export type StoredRunRow = Omit<RunRow, 'ref' | 'folder'> & {
  readonly path: string;
  readonly key: string | null;
};

export type RunRecord = { readonly id: number; readonly items: number; readonly faults: number };

export function startRun(db: Writable, head: RunHead): void {
  db.run(
    `INSERT INTO runs (name, title, model, version, started_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET title = excluded.title, model = excluded.model, version = excluded.version`,
    head.id,
    head.title,
    head.model,
    head.version,
    head.startedAt,
  );
}

export function findRun(db: Readable, name: string): RunRecord | undefined {
  return db.get<RunRecord>('SELECT id, items, faults FROM runs WHERE name = ?', name);
}

export function addRunItem(db: Writable, item: RunItemEntry): void {
  // A store that was replaced in mid-run does not know the run any more; its items are kept all the same.
  if (!findRun(db, item.run)) {
    startRun(db, { id: item.run, title: '', model: '', version: '', startedAt: new Date().toISOString() });
  }
  const run = findRun(db, item.run);
  if (!run) return;
  db.run(
    'INSERT INTO run_items (run, seq, path, name, key, label, score, duration_ms, cached, fault, search) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    run.id,
    run.items,
    toStorable(item.path),
    toStorable(item.name),
    item.key,
    item.label,
    item.score,
    item.durationMs,
    item.cached ? 1 : 0,
    item.fault ? JSON.stringify(item.fault) : null,
    `${toStorable(item.name)}\n${item.label ?? ''}`.toLowerCase(),
  );
  db.run('UPDATE runs SET items = items + 1, faults = faults + ? WHERE id = ?', item.fault ? 1 : 0, run.id);
  if (item.label === null) return;
  db.run(
    'INSERT INTO run_labels VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1',
    run.id,
    item.label,
  );
}

type ItemRow = {
  readonly seq: number;
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  readonly label: string | null;
  readonly score: number | null;
  readonly duration_ms: number | null;
  readonly cached: number;
  readonly fault: string | null;
};
const columns = 'seq, path, name, key, label, score, duration_ms, cached, fault';

export function runRow(db: Readable, run: number, seq: number): StoredRunRow | null {
  const row = db.get<ItemRow>(`SELECT ${columns} FROM run_items WHERE run = ? AND seq = ?`, run, seq);
  return row ? toRow(row) : null;
}

/** Rows `from` to before `from + limit` of the whole run: `seq` has no gaps. */
export function runRows(db: Readable, run: number, span: { from: number; limit: number }): StoredRunRow[] {
  const sql = `SELECT ${columns} FROM run_items WHERE run = ? AND seq >= ? AND seq < ? ORDER BY seq`;
  return db.all<ItemRow>(sql, run, span.from, span.from + span.limit).map(toRow);
}

export function runLabels(db: Readable, name: string, limit: number): { label: string; count: number }[] {
  return db.all(
    `SELECT label, count FROM run_labels WHERE run = (SELECT id FROM runs WHERE name = ?) ORDER BY count DESC, label LIMIT ?`,
    name,
    limit,
  );
}

export function runFaultSeqs(db: Readable, name: string, limit: number): number[] {
  const sql =
    'SELECT seq FROM run_items WHERE run = (SELECT id FROM runs WHERE name = ?) AND fault IS NOT NULL ORDER BY seq LIMIT ?';
  return db.all<{ seq: number }>(sql, name, limit).map((row) => row.seq);
}

function toRow(row: ItemRow): StoredRunRow {
  const { duration_ms: durationMs, cached, fault, ...rest } = row;
  return {
    ...rest,
    path: fromStorable(rest.path),
    name: fromStorable(rest.name),
    durationMs,
    cached: cached === 1,
    fault: fault === null ? null : (JSON.parse(fault) as Fault),
  };
}
