import type { Camera } from '../../contract/pictures/camera.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import { fromStorable } from '../lib/file-names.ts';
import type { StoredRecord } from './record-row.ts';
import type { Readable } from './database.ts';
import { read } from './declare.ts';
import { originalColumn } from './runs/duplicates.ts';
import { wholePath } from './runs/inputs.ts';

/** A run, and how many of its items are stored so far. */
export type StoredExportRun = {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
  readonly startedAt: string;
  readonly items: number;
  readonly faults: number;
};

/**
 * An item of a run with everything known about it. `answer` is null for an item with a fault, and after it was removed
 * from the cache.
 */
export type StoredExportItem = {
  readonly seq: number;
  readonly path: string;
  /** Relative to the input folder, with `/` as separator. */
  readonly name: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly cached: boolean;
  readonly fault: Fault | null;
  readonly answer: StoredRecord | null;
  readonly camera: Camera | null;
  /** The name of the item that it is a duplicate of. */
  readonly duplicateOf: string | null;
  /** The label that a person confirmed for this photo. */
  readonly confirmed: { readonly id: string; readonly label: string } | null;
};

type Row = Omit<StoredExportItem, 'cached' | 'fault' | 'answer' | 'camera' | 'duplicateOf' | 'confirmed'> & {
  readonly root: string | null;
  readonly cached: number;
  readonly fault: string | null;
  readonly record: string | null;
  readonly camera: string | null;
  readonly original: string | null;
  readonly confirmedId: string | null;
  readonly confirmedLabel: string | null;
};

const findRunSql =
  'SELECT name AS id, title, model, version, started_at AS startedAt, items, faults FROM runs WHERE name = ? AND removed_by IS NULL';

const itemsSql = `
  SELECT i.seq, n.path AS root, i.path, i.name, i.label, i.score, i.cached, i.fault, i.camera, a.record, ${originalColumn('i')},
    c.label_id AS confirmedId, c.label AS confirmedLabel
  FROM run_items i
  LEFT JOIN run_inputs n ON n.run = i.run AND n.seq = i.input
  LEFT JOIN answers a ON a.key = i.key
  LEFT JOIN confirmations c ON c.digest = a.input AND c.model = a.model
  WHERE i.run = (SELECT id FROM runs WHERE name = ?) AND i.seq >= ? AND i.seq < ? ORDER BY i.seq`;

const anyAnswerSql = `
  SELECT 1 FROM run_items i JOIN answers a ON a.key = i.key
  WHERE i.run = (SELECT id FROM runs WHERE name = ?) LIMIT 1`;

function exportItems(db: Readable, run: string, span: { from: number; to: number }): StoredExportItem[] {
  return db.all<Row>(itemsSql, run, span.from, span.to).map((row) => {
    const { root, record, confirmedId, confirmedLabel, fault, cached, camera, original, ...rest } = row;
    return {
      ...rest,
      path: wholePath(root, rest.path),
      name: fromStorable(rest.name),
      cached: cached === 1,
      fault: fault === null ? null : (JSON.parse(fault) as Fault),
      camera: camera === null ? null : (JSON.parse(camera) as Camera),
      duplicateOf: original === null ? null : fromStorable(original),
      answer: record === null ? null : (JSON.parse(record) as StoredRecord),
      confirmed:
        confirmedId === null || confirmedLabel === null ? null : { id: confirmedId, label: confirmedLabel },
    };
  });
}

export const exportQueries = {
  reads: {
    exportRun: read({
      on: 'reader',
      run: ({ db }, run: string): StoredExportRun | null => db.get<StoredExportRun>(findRunSql, run) ?? null,
      otherwise: null,
    }),
    /** Whether an answer of the run is stored: false after all of them were purged, which no walk has to find out. */
    hasRunAnswers: read({
      on: 'comparer',
      run: ({ db }, run: string): boolean => db.get(anyAnswerSql, run) !== undefined,
      otherwise: true,
    }),
    /** Items from `from` up to but not including `to`, in the order of the walk. */
    exportItems: read({
      on: 'reader',
      run: ({ db }, run: string, span: { from: number; to: number }): readonly StoredExportItem[] =>
        exportItems(db, run, span),
      otherwise: [],
    }),
  },
  changes: {},
};
