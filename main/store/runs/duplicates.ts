import type { Readable } from '../database.ts';

/**
 * Where the provider changed in mid-run, an answer has another key; the cache knows what content it belongs to. One item of a key is
 * asked: all of them know the first, and there may be as many as the run has.
 */
const firstSql = `
  WITH keys (key) AS (SELECT ? UNION SELECT key FROM answers WHERE input = (SELECT input FROM answers WHERE key = ?))
  SELECT min((
    SELECT coalesce(i.duplicate_of, i.seq) FROM run_items i INDEXED BY run_items_keys
    WHERE i.run = ? AND substr(i.key, 1, 16) = substr(keys.key, 1, 16) AND i.key = keys.key LIMIT 1
  )) AS first FROM keys`;

/** The item of a run that has this content already; null for content that is new, and for what has no answer. */
export function sameContent(db: Readable, run: number, key: string | null): number | null {
  if (key === null) return null;
  return db.get<{ first: number | null }>(firstSql, key, key, run)?.first ?? null;
}

/** Seqs from `from` to before `to` that are duplicates of other items. */
export const duplicatesIn = (
  db: Readable,
  run: number,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] =>
  db.column<number>(
    `SELECT seq FROM run_items INDEXED BY run_items_duplicates
     WHERE run = ? AND duplicate_of IS NOT NULL AND seq >= ? AND seq < ? ORDER BY seq`,
    run,
    from,
    to,
  );

/** Column `original` of an item `i`: the name of the item that it is a duplicate of. */
export const originalColumn = (item: string): string =>
  `(SELECT o.name FROM run_items o WHERE o.run = ${item}.run AND o.seq = ${item}.duplicate_of) AS original`;
