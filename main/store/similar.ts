import type { Embedding } from '../../contract/packs/embedding.ts';
import { fromStorable } from '../lib/file-names.ts';
import type { Readable } from './database.ts';
import { read } from './declare.ts';
import { findGroups, spaceOf } from './vectors/index.ts';
import type { Indexes, Space } from './vectors/index.ts';

type SimilarQuery = Space & {
  readonly embedding: Embedding;
  /** Most inputs. */
  readonly limit: number;
  /** The lowest cosine similarity, -1 to 1. */
  readonly least: number;
};
/** A file with its size and time when it was answered. */
export type KnownFile = { readonly path: string; readonly size: number; readonly mtimeNs: bigint };
export type SimilarInput = {
  readonly digest: string;
  readonly similarity: number;
  /** First label of the same answer, if it has one. */
  readonly label: string | null;
  readonly score: number | null;
  readonly at: string;
  /** Every known file with these bytes; empty for an input that came without a file. */
  readonly files: readonly KnownFile[];
};
/** `compared`: the number of vectors compared. */
type SimilarInputs = { readonly compared: number; readonly inputs: readonly SimilarInput[] };

type Row = Omit<SimilarInput, 'similarity' | 'files'>;

function similarInputs(
  { db, indexes }: { readonly db: Readable; readonly indexes: Indexes },
  query: SimilarQuery,
): SimilarInputs {
  const { embedding, limit, least } = query;
  const space = spaceOf(db, query, embedding.values.length);
  if (space === null) return noInputs;
  // An input that was answered under several settings has several nearly equal vectors: ask for more and drop the
  // duplicates.
  const asked = { limit: limit * 2 + 8, least };
  for (let isFresh = false; ; isFresh = true) {
    const index = indexes.of(space, embedding.values.length);
    const found = index.nearest(embedding.values, asked).map((near) => ({ near, row: rowOf(db, near.seq) }));
    const isStale = found.some(({ row }) => row === undefined);
    if (isStale && !isFresh) {
      indexes.forget(space);
      continue;
    }
    const inputs = new Map<string, SimilarInput>();
    for (const { near, row } of found)
      if (row && !inputs.has(row.digest) && inputs.size < limit)
        inputs.set(row.digest, { ...row, similarity: near.similarity, files: filesOf(db, row.digest) });
    return { compared: index.count, inputs: [...inputs.values()] };
  }
}

const rowOf = (db: Readable, seq: number): Row | undefined =>
  db.get<Row>(
    `SELECT answers.input AS digest, answers.label, answers.score, answers.at
     FROM embeddings JOIN answers ON answers.id = embeddings.answer WHERE embeddings.seq = ?`,
    seq,
  );

function filesOf(db: Readable, digest: string): KnownFile[] {
  const sql = `SELECT path, size, CAST(mtime_ns AS TEXT) AS mtimeNs FROM files WHERE digest = ? ORDER BY path`;
  return db
    .all<{ path: string; size: number; mtimeNs: string }>(sql, digest)
    .map(({ path, size, mtimeNs }) => ({ path: fromStorable(path), size, mtimeNs: BigInt(mtimeNs) }));
}

type GroupsQuery = Space & {
  /** The lowest cosine similarity of two members that are linked. */
  readonly least: number;
};
/** `similarity`: the lowest of any member to the first. */
export type GroupedInputs = { readonly similarity: number; readonly inputs: readonly GroupedInput[] };
type GroupedInput = Pick<SimilarInput, 'digest' | 'files'>;
type InputGroups = { readonly compared: number; readonly groups: readonly GroupedInputs[] };

/** Inputs of a space whose bytes exist in several files. */
const copiesSql = `SELECT DISTINCT answers.input AS digest FROM embeddings JOIN answers ON answers.id = embeddings.answer
  WHERE embeddings.space = ? AND (SELECT count(*) FROM files WHERE files.digest = answers.input) > 1
  ORDER BY embeddings.seq`;

function groupInputs(
  { db, indexes }: { readonly db: Readable; readonly indexes: Indexes },
  query: GroupsQuery,
): InputGroups {
  const groups: GroupedInputs[] = [];
  let compared = 0;
  const spaces = db.all<{ id: number; size: number }>(
    'SELECT id, size FROM embedding_spaces WHERE pack = ? AND variant = ?',
    query.pack,
    query.variant,
  );
  for (const { id, size } of spaces) {
    // The index in memory still has vectors of deleted rows, which would become members of groups.
    indexes.forget(id);
    const index = indexes.of(id, size);
    compared += index.count;
    for (const places of findGroups(index, query.least)) {
      const inputs = new Map<string, GroupedInput>();
      let similarity = 1;
      for (const place of places) {
        const row = rowOf(db, index.seqAt(place));
        if (!row || inputs.has(row.digest)) continue;
        similarity = Math.min(similarity, index.pair(places[0]!, place));
        inputs.set(row.digest, { digest: row.digest, files: filesOf(db, row.digest) });
      }
      if (inputs.size > 1) groups.push({ similarity, inputs: [...inputs.values()] });
    }
    const grouped = new Set(groups.flatMap(({ inputs }) => inputs.map(({ digest }) => digest)));
    for (const { digest } of db.all<{ digest: string }>(copiesSql, id))
      if (!grouped.has(digest))
        groups.push({ similarity: 1, inputs: [{ digest, files: filesOf(db, digest) }] });
  }
  return { compared, groups };
}

/** Reads the vectors of a pack into memory, so that the first question does not have to; gives back how many there are. */
function readVectors(
  { db, indexes }: { readonly db: Readable; readonly indexes: Indexes },
  { pack }: Pick<Space, 'pack'>,
): number {
  const newest = db.get<{ id: number; size: number }>(
    `SELECT id, size FROM embedding_spaces WHERE pack = ?
     ORDER BY (SELECT max(seq) FROM embeddings WHERE embeddings.space = embedding_spaces.id) DESC LIMIT 1`,
    pack,
  );
  return newest ? indexes.of(newest.id, newest.size).count : 0;
}

const noInputs: SimilarInputs = { compared: 0, inputs: [] };

export const similarQueries = {
  reads: {
    /** The most similar answered inputs, best first, of all that are stored. */
    similarInputs: read({
      on: 'comparer',
      run: (source, query: SimilarQuery) => similarInputs(source, query),
      otherwise: noInputs,
    }),
    /** Before a question is asked: the variant that gave a vector last is read into memory. */
    readVectors: read({
      on: 'comparer',
      run: (source, query: Pick<Space, 'pack'>) => readVectors(source, query),
      otherwise: 0,
    }),
    /** Inputs that look alike, in groups of two or more: versions of one photo, shots of one burst. */
    groupInputs: read({
      on: 'comparer',
      run: (source, query: GroupsQuery) => groupInputs(source, query),
      otherwise: { compared: 0, groups: [] },
    }),
  },
  changes: {},
};
