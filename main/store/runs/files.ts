import { resolve } from 'node:path';
import type { Readable } from '../database.ts';
import { fromStorable } from '../../lib/file-names.ts';
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

/** A file is named by its path, or as the run's list shows it: below the folder that the run was started with. */
export function seqsOfFiles(db: Readable, name: string, files: readonly string[]): FoundFiles {
  const run = findRun(db, name);
  const asked = new Set(files);
  const missing = new Set(files);
  const byPath = new Map(files.map((file) => [resolve(file), file] as const));
  const seqs: number[] = [];
  for (let from = 0; run && from < run.items; from += portion) {
    const rows = db.all<FileRow>(
      `SELECT r.seq, i.path AS root, r.path, name FROM run_items r LEFT JOIN run_inputs i ON i.run = r.run AND i.seq = r.input
       WHERE r.run = ? AND r.seq >= ? AND r.seq < ? ORDER BY r.seq`,
      run.id,
      from,
      from + portion,
    );
    for (const row of rows) {
      const shown = fromStorable(row.name);
      const file = asked.has(shown) ? shown : byPath.get(wholePath(row.root, row.path));
      if (file === undefined) continue;
      missing.delete(file);
      seqs.push(row.seq);
    }
  }
  return { seqs, missing: [...missing][0] ?? null };
}
