import type { Camera } from '../../../contract/pictures/camera.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { FaultCount, LabelCount, RunRow } from '../../../contract/runs/run.ts';
import { fromStorable, toStorable } from '../../lib/file-names.ts';
import type { Readable, Writable } from '../database.ts';
import { wholePath } from './inputs.ts';
import { countOrigin, takenSeconds, uncountOrigin } from './origins.ts';
import { leftOutText, startRun } from './journal.ts';
import type { RunCursor, RunProgress } from './journal.ts';
import { originalColumn, sameContent } from './duplicates.ts';

/** A finished item. `key` is the key of its answer; `place` is its path below one of the run's inputs. */
export type RunItemEntry = {
  readonly run: string;
  readonly place: RunCursor;
  readonly name: string;
  readonly key: string | null;
  readonly label: string | null;
  /** All distinct labels of the item; the first is `label`. */
  readonly labels: readonly string[];
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly cached: boolean;
  readonly fault: Fault | null;
  /** What the photo says of its camera; absent where it says nothing. */
  readonly camera?: Camera | undefined;
};
/**
 * A row as stored: the engine turns `path` into a FileRef. `name` is the item's relative path: its folders below the
 * run's input, then the file.
 */
export type StoredRunRow = Omit<RunRow, 'ref' | 'folder' | 'found' | 'confirmed'> & {
  readonly path: string;
  readonly key: string | null;
};

/** Totals of a run's rows. `changes` counts replaced rows. */
export type RunRecord = {
  readonly id: number;
  readonly items: number;
  readonly faults: number;
  /** Answered items on which nothing was found. */
  readonly empty: number;
  /** Items with the same content as another one, and those of them on which nothing was found. */
  readonly duplicates: number;
  readonly emptyDuplicates: number;
  readonly changes: number;
};

export function findRun(db: Readable, name: string): RunRecord | undefined {
  return db.get<RunRecord>(
    'SELECT id, items, faults, empty, duplicates, empty_duplicates AS emptyDuplicates, changes FROM runs WHERE name = ?',
    name,
  );
}

export type RunTotals = Pick<RunRecord, 'empty' | 'duplicates' | 'emptyDuplicates'>;
export const noTotals: RunTotals = { empty: 0, duplicates: 0, emptyDuplicates: 0 };
export function runTotals(db: Readable, name: string): RunTotals {
  const { empty, duplicates, emptyDuplicates } = findRun(db, name) ?? noTotals;
  return { empty, duplicates, emptyDuplicates };
}

/** Appends an item. Items arrive in the order of the walk, so the last one is where an interrupted run continues. */
export function addRunItem(db: Writable, item: RunItemEntry, progress: RunProgress): void {
  const run = findRun(db, item.run) ?? addNamelessRun(db, item.run);
  if (!run) return;
  const duplicateOf = sameContent(db, run.id, item.key);
  const isDuplicate = duplicateOf !== null;
  db.run(
    `INSERT INTO run_items (run, seq, input, path, name, key, label, score, duration_ms, cached, fault, is_fault,
       search, camera, taken, origin, duplicate_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run.id,
    run.items,
    item.place.input,
    ...valuesOf(item),
    countOrigin(db, run.id, { ...item, ...item.place }),
    duplicateOf,
  );
  db.run(
    `UPDATE runs SET items = items + 1, faults = faults + ?, empty = empty + ?, from_cache = from_cache + ?,
       duplicates = duplicates + ?, empty_duplicates = empty_duplicates + ?, cursor_input = ?, cursor_path = ?,
       found = max(found, ?), scanned = ?, left_out = ?, elapsed_ms = ? WHERE id = ?`,
    item.fault ? 1 : 0,
    isEmpty(item) ? 1 : 0,
    item.cached ? 1 : 0,
    isDuplicate ? 1 : 0,
    isDuplicate && isEmpty(item) ? 1 : 0,
    item.place.input,
    toStorable(item.place.below),
    progress.found,
    progress.scanned ? 1 : 0,
    leftOutText(progress.leftOut),
    Math.round(progress.elapsedMs),
    run.id,
  );
  countLabels(db, run.id, { ...item, isDuplicate });
}

/** A store that was replaced during a run does not know the run; its items are kept under a placeholder. */
function addNamelessRun(db: Writable, id: string): RunRecord | undefined {
  const head = { id, title: '', model: '', version: '', startedAt: new Date().toISOString(), request: null };
  startRun(db, head, { paths: [], from: 0, areAll: true });
  return findRun(db, id);
}

export type RunReplacement = { readonly seq: number; readonly elapsedMs: number };

/** Replaces a failed item by its new outcome. */
export function replaceRunItem(db: Writable, item: RunItemEntry, { seq, elapsedMs }: RunReplacement): void {
  const run = findRun(db, item.run);
  if (!run) return;
  const before = db.get<{ origin: number | null }>(
    'SELECT origin FROM run_items WHERE run = ? AND seq = ? AND is_fault = 1',
    run.id,
    seq,
  );
  const wasFault = before !== undefined;
  const duplicateOf = sameContent(db, run.id, item.key);
  const isDuplicate = duplicateOf !== null;
  // Only failed items are retried; one that has an answer meanwhile keeps it.
  if (before) {
    uncountOrigin(db, before.origin);
    db.run(
      `UPDATE run_items SET input = ?, path = ?, name = ?, key = ?, label = ?, score = ?, duration_ms = ?, cached = ?,
         fault = ?, is_fault = ?, search = ?, camera = ?, taken = ?, origin = ?, duplicate_of = ?, changed = ?
       WHERE run = ? AND seq = ?`,
      item.place.input,
      ...valuesOf(item),
      countOrigin(db, run.id, { ...item, ...item.place }),
      duplicateOf,
      run.changes + 1,
      run.id,
      seq,
    );
    countLabels(db, run.id, { ...item, isDuplicate });
  }
  db.run(
    `UPDATE runs SET retry_seq = ?, elapsed_ms = ?, changes = changes + ?, faults = faults - ?, empty = empty + ?,
       from_cache = from_cache + ?, duplicates = duplicates + ?, empty_duplicates = empty_duplicates + ? WHERE id = ?`,
    seq,
    Math.round(elapsedMs),
    wasFault ? 1 : 0,
    wasFault && !item.fault ? 1 : 0,
    wasFault && isEmpty(item) ? 1 : 0,
    wasFault && item.cached ? 1 : 0,
    wasFault && isDuplicate ? 1 : 0,
    wasFault && isDuplicate && isEmpty(item) ? 1 : 0,
    run.id,
  );
}

/** The file of an item has another name now; what was answered of it stays. */
export function renameRunItem(db: Writable, item: RunItemEntry, seq: number): void {
  const run = findRun(db, item.run);
  if (!run) return;
  const before = db.get<{ origin: number | null }>(
    'SELECT origin FROM run_items WHERE run = ? AND seq = ?',
    run.id,
    seq,
  );
  uncountOrigin(db, before?.origin ?? null);
  db.run(
    'UPDATE run_items SET path = ?, name = ?, search = ?, origin = ?, changed = ? WHERE run = ? AND seq = ?',
    toStorable(item.place.below),
    toStorable(item.name),
    searchText(item),
    countOrigin(db, run.id, { ...item, ...item.place }),
    run.changes + 1,
    run.id,
    seq,
  );
  db.run('UPDATE runs SET changes = changes + 1 WHERE id = ?', run.id);
}

const isEmpty = ({ label, fault }: RunItemEntry): boolean => label === null && fault === null;

/** Columns `path` to `taken`, in the order of both statements. */
const valuesOf = (item: RunItemEntry) => [
  toStorable(item.place.below),
  toStorable(item.name),
  item.key,
  item.label,
  item.score,
  item.durationMs,
  item.cached ? 1 : 0,
  item.fault ? JSON.stringify(item.fault) : null,
  item.fault ? 1 : 0,
  searchText(item),
  item.camera ? JSON.stringify(item.camera) : null,
  takenSeconds(item.camera),
];

const searchText = ({ name, labels }: RunItemEntry): string =>
  `${toStorable(name)}\n${labels.join('\n')}`.toLowerCase();

type Counted = Pick<RunItemEntry, 'labels'> & { readonly isDuplicate: boolean };
function countLabels(db: Writable, run: number, { labels, isDuplicate }: Counted): void {
  const sql = `INSERT INTO run_labels (run, label, count, duplicates) VALUES (?, ?, 1, ?)
    ON CONFLICT DO UPDATE SET count = count + 1, duplicates = duplicates + excluded.duplicates`;
  for (const label of labels) db.run(sql, run, label, isDuplicate ? 1 : 0);
}

type ItemRow = {
  readonly seq: number;
  readonly root: string | null;
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  readonly label: string | null;
  readonly score: number | null;
  readonly duration_ms: number | null;
  readonly cached: number;
  readonly fault: string | null;
  readonly duplicate_of: number | null;
  readonly original: string | null;
};
const columns = `r.seq, i.path AS root, r.path, name, key, label, score, duration_ms, cached, fault, duplicate_of, ${originalColumn('r')} FROM run_items r
  LEFT JOIN run_inputs i ON i.run = r.run AND i.seq = r.input`;

export function runRow(db: Readable, run: number, seq: number): StoredRunRow | null {
  const row = db.get<ItemRow>(`SELECT ${columns} WHERE r.run = ? AND r.seq = ?`, run, seq);
  return row ? toRow(row) : null;
}

/** The rows with these seqs, in their order. */
export function runRowsAt(db: Readable, run: number, seqs: readonly number[]): StoredRunRow[] {
  const sql = `SELECT ${columns} WHERE r.run = ? AND r.seq IN (SELECT value FROM json_each(?))`;
  const rows = new Map(
    db.all<ItemRow>(sql, run, JSON.stringify(seqs)).map((row) => [row.seq, toRow(row)] as const),
  );
  return seqs.flatMap((seq) => rows.get(seq) ?? []);
}

export function runLabels(db: Readable, name: string, limit: number): LabelCount[] {
  return db.all(
    `SELECT label, count, duplicates FROM run_labels WHERE run = (SELECT id FROM runs WHERE name = ?) ORDER BY count DESC, label LIMIT ?`,
    name,
    limit,
  );
}

export function runFaultSeqs(db: Readable, name: string, limit: number): number[] {
  const sql =
    'SELECT seq FROM run_items WHERE run = (SELECT id FROM runs WHERE name = ?) AND is_fault = 1 ORDER BY seq LIMIT ?';
  return db.all<{ seq: number }>(sql, name, limit).map((row) => row.seq);
}

export function runFaultCounts(db: Readable, name: string): FaultCount[] {
  return db
    .all<{ code: string; count: number; example: string }>(
      `SELECT json_extract(fault, '$.code') AS code, count(*) AS count, fault AS example FROM run_items
       WHERE run = (SELECT id FROM runs WHERE name = ?) AND is_fault = 1
       GROUP BY json_extract(fault, '$.code') ORDER BY count(*) DESC, min(seq)`,
      name,
    )
    .map(({ code, count, example }) => ({ code, count, example: JSON.parse(example) as Fault }));
}

/** Failed items after `after`, with their paths, in order. */
export function failedRunItems(
  db: Readable,
  name: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): { seq: number; path: string; place: RunCursor }[] {
  return db
    .all<{ seq: number; input: number | null; root: string | null; path: string }>(
      `SELECT r.seq, r.input, i.path AS root, r.path FROM run_items r LEFT JOIN run_inputs i ON i.run = r.run AND i.seq = r.input
       WHERE r.run = (SELECT id FROM runs WHERE name = ?) AND r.seq > ? AND is_fault = 1 ORDER BY r.seq LIMIT ?`,
      name,
      after,
      limit,
    )
    .map(({ seq, input, root, path }) => ({
      seq,
      path: wholePath(root, path),
      place: { input: input ?? 0, below: fromStorable(path) },
    }));
}

function toRow(row: ItemRow): StoredRunRow {
  const { root, duration_ms: durationMs, cached, fault, duplicate_of: seq, original, ...rest } = row;
  return {
    ...rest,
    path: wholePath(root, rest.path),
    name: fromStorable(rest.name),
    durationMs,
    cached: cached === 1,
    fault: fault === null ? null : (JSON.parse(fault) as Fault),
    duplicateOf: seq === null || original === null ? null : { seq, name: fromStorable(original) },
  };
}
