import { join } from 'node:path';
import { siteOfInput } from '../../lib/camera-folders.ts';
import { fromStorable, toStorable } from '../../lib/file-names.ts';
import type { Readable, Value, Writable } from '../database.ts';

/** A portion of a run's inputs, in order; other processes see the run once all of them are written. */
export type RunInputs = {
  readonly paths: readonly string[];
  readonly from: number;
  readonly areAll: boolean;
};

export function addRunInputs(db: Writable, name: string, { paths, from, areAll }: RunInputs): void {
  const run = db.get<{ id: number }>('SELECT id FROM runs WHERE name = ?', name)?.id;
  if (run === undefined) return;
  for (const [at, path] of paths.entries())
    db.run(
      'INSERT OR REPLACE INTO run_inputs (run, seq, path) VALUES (?, ?, ?)',
      run,
      from + at,
      toStorable(path),
    );
  if (areAll) db.run('UPDATE runs SET removed_by = NULL WHERE id = ?', run);
}

/** Inputs from index `from`, at most `limit`. */
export function runInputs(db: Readable, name: string, span: { from: number; limit: number }): string[] {
  return db
    .all<{ path: string }>(
      `SELECT path FROM run_inputs WHERE run = (SELECT id FROM runs WHERE name = ?) AND seq >= ? ORDER BY seq LIMIT ?`,
      name,
      span.from,
      span.limit,
    )
    .map(({ path }) => fromStorable(path));
}

/**
 * Some files of an input that were read, with their sizes at that time: they identify the drive when it is mounted
 * again.
 */
export function runWitnesses(
  db: Readable,
  name: string,
  input: number,
): { readonly below: string; readonly sizeBytes: number }[] {
  return db
    .all<{ below: string; sizeBytes: number }>(
      `WITH answered AS (
         SELECT r.seq, r.path AS below, n.size AS sizeBytes
         FROM run_items r JOIN answers a ON a.key = r.key JOIN inputs n ON n.digest = a.input
         WHERE r.run = (SELECT id FROM runs WHERE name = ?) AND r.input = ? AND r.path <> '')
       SELECT below, sizeBytes FROM (SELECT * FROM answered ORDER BY seq LIMIT 3)
       UNION
       SELECT below, sizeBytes FROM (SELECT * FROM answered ORDER BY seq DESC LIMIT 3)`,
      name,
      input,
    )
    .map(({ below, sizeBytes }) => ({ below: fromStorable(below), sizeBytes }));
}

/**
 * The drive with this input has another mount point: paths of its rows are below `path` now. Its site goes on being called what it was.
 */
export function moveRunInput(db: Writable, name: string, to: { input: number; path: string }): void {
  keepSites(db, name, { sql: 'seq = ?', values: [to.input], isPhoto: false });
  db.run(
    'UPDATE run_inputs SET path = ? WHERE run = (SELECT id FROM runs WHERE name = ?) AND seq = ?',
    toStorable(to.path),
    name,
    to.input,
  );
}

/** The same of a drive whose files were named one by one: all inputs below a folder. */
export function moveRunInputs(db: Writable, name: string, move: { from: string; to: string }): void {
  const from = toStorable(move.from);
  keepSites(db, name, { sql: 'substr(path, 1, length(?)) = ?', values: [from, from], isPhoto: true });
  db.run(
    `UPDATE run_inputs SET path = ? || substr(path, length(?) + 1)
     WHERE run = (SELECT id FROM runs WHERE name = ?) AND substr(path, 1, length(?)) = ?`,
    toStorable(move.to),
    from,
    name,
    from,
    from,
  );
}

type Moved = { readonly sql: string; readonly values: readonly Value[]; readonly isPhoto: boolean };

/** Writes down what inputs are called as sites, before they get other paths. */
function keepSites(db: Writable, name: string, { sql, values, isPhoto }: Moved): void {
  const inputs = db.all<{ run: number; seq: number; path: string }>(
    `SELECT run, seq, path FROM run_inputs WHERE run = (SELECT id FROM runs WHERE name = ?) AND site IS NULL AND ${sql}`,
    name,
    ...values,
  );
  for (const { run, seq, path } of inputs)
    db.run(
      'UPDATE run_inputs SET site = ? WHERE run = ? AND seq = ?',
      toStorable(siteOfInput(fromStorable(path), { isPhoto })),
      run,
      seq,
    );
}

/** The absolute path of an item below an input; `root` is null for rows that store an absolute path. */
export const wholePath = (root: string | null, path: string): string =>
  fromStorable(root === null ? path : path === '' ? root : join(root, path));
