import { fromStorable } from '../../lib/file-names.ts';
import type { Readable } from '../database.ts';
import { read } from '../declare.ts';
import { originColumns } from './origins.ts';
import type { OutlineOrigin } from './origins.ts';

/**
 * Items of a run in a few numbers each, an array for each of them: a million objects would take as long to cross a thread as to be read.
 * What sites, events, rules about places and choices are made of.
 */
export type OutlineSlice = {
  readonly seqs: Int32Array;
  /** Of `OutlineOrigin`; -1 for none. */
  readonly origins: Int32Array;
  /** Seconds by the camera's own clock, as if it went by UTC; NaN where the photo does not say it. */
  readonly taken: Float64Array;
  /** Of the first label; NaN for none. */
  readonly scores: Float64Array;
  readonly isFault: Uint8Array;
  readonly isConfirmed: Uint8Array;
  /** The item that each is a duplicate of; -1 for none. */
  readonly duplicateOf: Int32Array;
  /** Positions in `labels`. */
  readonly labelsAt: Int32Array;
  /** In lower case: all labels that were found on a photo, and what a person said. */
  readonly labels: readonly (readonly string[])[];
  /** The first item of each origin, among these, whose photo says where it was taken. */
  readonly places: readonly OutlinePlace[];
  /** The same for the offset of the camera's clock from UTC. */
  readonly offsets: readonly { readonly seq: number; readonly origin: number; readonly offset: string }[];
};
export type OutlinePlace = {
  readonly seq: number;
  readonly origin: number;
  readonly latitude: number;
  readonly longitude: number;
};

type Span = { readonly from: number; readonly to: number };
type Row = {
  readonly seq: number;
  readonly origin: number | null;
  readonly taken: number | null;
  readonly score: number | null;
  readonly isFault: number;
  readonly duplicateOf: number | null;
  readonly name: string;
  readonly search: string;
  readonly confirmed: string | null;
};

const within = 'i.run = (SELECT id FROM runs WHERE name = ?) AND i.seq >= ? AND i.seq < ?';
const rowsSql = (confirmed: string, joins: string): string => `
  SELECT i.seq, i.origin, i.taken, i.score, i.is_fault AS isFault, i.duplicate_of AS duplicateOf, i.name, i.search, ${confirmed} AS confirmed
  FROM run_items i ${joins} WHERE ${within} ORDER BY i.seq`;
const plainSql = rowsSql('NULL', '');
const confirmedSql = rowsSql(
  'c.label',
  `LEFT JOIN answers a ON a.key = i.key
   LEFT JOIN confirmations c ON c.digest = a.input AND c.model = a.model`,
);
// Of most runs nobody has said anything. Looking up each item's answer takes longer than all else here.
const isReviewedSql =
  'SELECT 1 FROM confirmations WHERE model = (SELECT model FROM runs WHERE name = ?) LIMIT 1';
// SQLite takes the other columns of the row in which the minimum is.
const firstOf = (columns: string, condition: string): string => `
  SELECT min(i.seq) AS seq, coalesce(i.origin, -1) AS origin, ${columns}
  FROM run_items i WHERE ${within} AND ${condition} GROUP BY i.origin`;
const placesSql = firstOf(
  "json_extract(i.camera, '$.latitude') AS latitude, json_extract(i.camera, '$.longitude') AS longitude",
  `instr(i.camera, '"latitude":') > 0 AND instr(i.camera, '"longitude":') > 0`,
);
const offsetsSql = firstOf(
  "json_extract(i.camera, '$.offset') AS offset",
  `instr(i.camera, '"offset":') > 0`,
);

function outlineItems(db: Readable, run: string, { from, to }: Span): OutlineSlice {
  const span = [run, from, to] as const;
  const isReviewed = db.get(isReviewedSql, run) !== undefined;
  const rows = db.all<Row>(isReviewed ? confirmedSql : plainSql, ...span);
  const positions = new Map<string, number>();
  const labels: (readonly string[])[] = [];
  const labelsAt = Int32Array.from(rows, ({ name, search, confirmed }) => {
    // The text that is searched: the name, and a line for each label.
    const found = search.slice(name.toLowerCase().length + 1);
    const text = confirmed === null ? found : `${found}\n${confirmed.toLowerCase()}`;
    const known = positions.get(text);
    if (known !== undefined) return known;
    positions.set(text, labels.length);
    labels.push(text.split('\n').filter((label) => label !== ''));
    return labels.length - 1;
  });
  return {
    seqs: Int32Array.from(rows, ({ seq }) => seq),
    origins: Int32Array.from(rows, ({ origin }) => origin ?? -1),
    taken: Float64Array.from(rows, ({ taken }) => taken ?? Number.NaN),
    scores: Float64Array.from(rows, ({ score }) => score ?? Number.NaN),
    isFault: Uint8Array.from(rows, ({ isFault }) => isFault),
    isConfirmed: Uint8Array.from(rows, ({ confirmed }) => (confirmed === null ? 0 : 1)),
    duplicateOf: Int32Array.from(rows, ({ duplicateOf }) => duplicateOf ?? -1),
    labelsAt,
    labels,
    places: db.all(placesSql, ...span),
    offsets: db.all(offsetsSql, ...span),
  };
}

const emptySlice: OutlineSlice = {
  seqs: new Int32Array(0),
  origins: new Int32Array(0),
  taken: new Float64Array(0),
  scores: new Float64Array(0),
  isFault: new Uint8Array(0),
  isConfirmed: new Uint8Array(0),
  duplicateOf: new Int32Array(0),
  labelsAt: new Int32Array(0),
  labels: [],
  places: [],
  offsets: [],
};

const originsSql = `SELECT ${originColumns} FROM run_origins WHERE run = (SELECT id FROM runs WHERE name = ?)`;

export const outlineQueries = {
  reads: {
    /** Items `from` to before `to` in the order of the walk. On the connection for long questions: no page of a list waits for it. */
    outlineItems: read({
      on: 'comparer',
      run: ({ db }, run: string, span: Span): OutlineSlice => outlineItems(db, run, span),
      otherwise: emptySlice,
    }),
    /** Folders and cameras that items of a run came from, also those whose items have others now. */
    outlineOrigins: read({
      on: 'comparer',
      run: ({ db }, run: string): readonly OutlineOrigin[] =>
        db
          .all<OutlineOrigin>(originsSql, run)
          .map((row) => ({ ...row, folder: fromStorable(row.folder), site: fromStorable(row.site) })),
      otherwise: [],
    }),
  },
  changes: {},
};
