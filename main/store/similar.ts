import type { Embedding } from '../../contract/embedding.ts';
import { fromStorable } from '../lib/file-names.ts';
import type { Readable } from './database.ts';
import { read } from './declare.ts';
import { spaceOf } from './vectors/index.ts';
import type { Indexes, Near, Space } from './vectors/index.ts';

export type SimilarQuery = Space & {
  readonly embedding: Embedding;
  /** Most inputs. */
  readonly limit: number;
  /** The lowest cosine, -1 to 1. */
  readonly least: number;
};
/** A file as it was when it was answered. */
export type KnownFile = { readonly path: string; readonly size: number; readonly mtimeNs: bigint };
export type SimilarInput = {
  readonly digest: string;
  readonly similarity: number;
  /** Of the same answer, where it has a first label. */
  readonly label: string | null;
  readonly score: number | null;
  readonly at: string;
  /** Every place where these bytes were seen; none for what came without a file. */
  readonly files: readonly KnownFile[];
};
/** `compared`: vectors that were looked at. */
export type SimilarInputs = { readonly compared: number; readonly inputs: readonly SimilarInput[] };

type Row = Omit<SimilarInput, 'similarity' | 'files'>;

function similarInputs(
  { db, indexes }: { readonly db: Readable; readonly indexes: Indexes },
  query: SimilarQuery,
): SimilarInputs {
  const { embedding, limit, least } = query;
  const space = spaceOf(db, query, embedding.values.length);
  if (space === null) return noInputs;
  // An input that was answered by several settings has several vectors, which are nearly the same.
  const asked = { limit: limit * 2 + 8, least };
  for (let isFresh = false; ; isFresh = true) {
    const index = indexes.of(space, embedding.values.length);
    const found = index.nearest(embedding.values, asked).map((near) => ({ near, row: rowOf(db, near) }));
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

const rowOf = (db: Readable, { seq }: Near): Row | undefined =>
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

const noInputs: SimilarInputs = { compared: 0, inputs: [] };

export const similarQueries = {
  reads: {
    /** The most similar inputs that were answered, best first, from all there are. */
    similarInputs: read({
      on: 'reader',
      run: (source, query: SimilarQuery) => similarInputs(source, query),
      otherwise: noInputs,
    }),
  },
  changes: {},
};
