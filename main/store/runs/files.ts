import { resolve } from 'node:path';
import { fromStorable } from '../../lib/file-names.ts';
import type { Readable } from '../database.ts';
import { wholePath } from './inputs.ts';
import { findRun } from './items.ts';

/** The items of a run that are these files, by number, and the first file that is none of them. */
export type FoundFiles = { readonly seqs: readonly number[]; readonly missing: string | null };

type FileRow = {
  readonly seq: number;
  readonly root: string | null;
  readonly path: string;
  readonly name: string;
};
const portion = 10_000;

/** Paths of items of a run, in the order of the run. */
export function pathsOfItems(db: Readable, name: string, seqs: Uint32Array): readonly string[] {
  const run = findRun(db, name);
  if (!run) return [];
  const rows = db.all<Pick<FileRow, 'root' | 'path'>>(
    `SELECT i.path AS root, r.path FROM run_items r LEFT JOIN run_inputs i ON i.run = r.run AND i.seq = r.input
     WHERE r.run = ? AND r.seq IN (SELECT value FROM json_each(?)) ORDER BY r.seq`,
    run.id,
    JSON.stringify([...seqs]),
  );
  return rows.map(({ root, path }) => wholePath(root, path));
}

/** Names are compared as the file system of Windows compares them there, and byte by byte elsewhere. */
const comparable = (name: string): string =>
  process.platform === 'win32' ? name.replaceAll('\\', '/').toLowerCase() : name;

/** A file is named by its path, or as the run's list shows it: below the folder that the run was started with. */
export function seqsOfFiles(db: Readable, name: string, files: readonly string[]): FoundFiles {
  const run = findRun(db, name);
  if (!run) return { seqs: [], missing: null };
  /** What was asked for, by both readings of a name. */
  const asked = new Map<string, string[]>();
  for (const file of new Set(files))
    for (const reading of new Set([comparable(file), comparable(resolve(file))]))
      asked.set(reading, [...(asked.get(reading) ?? []), file]);
  const missing = new Set(files);
  const seqs: number[] = [];
  for (let from = 0; from < run.items; from += portion) {
    const rows = db.all<FileRow>(
      `SELECT r.seq, i.path AS root, r.path, name FROM run_items r LEFT JOIN run_inputs i ON i.run = r.run AND i.seq = r.input
       WHERE r.run = ? AND r.seq >= ? AND r.seq < ? ORDER BY r.seq`,
      run.id,
      from,
      from + portion,
    );
    for (const row of rows) {
      const readings = [comparable(wholePath(row.root, row.path)), comparable(fromStorable(row.name))];
      const found = readings.flatMap((reading) => asked.get(reading) ?? []);
      for (const file of found) missing.delete(file);
      if (found.length > 0) seqs.push(row.seq);
    }
  }
  return { seqs, missing: [...missing][0] ?? null };
}
