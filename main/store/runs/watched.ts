import { fromStorable, toStorable } from '../../lib/file-names.ts';
import type { Readable, Writable } from '../database.ts';
import { change, laterChange, read } from '../declare.ts';
import type { RunProgress } from './journal.ts';
import { addRunItem, findRun, renameRunItem, replaceRunItem } from './items.ts';
import type { RunItemEntry } from './items.ts';

/** What tells a file of a watched folder from itself before a change; `below` is its way below the folder. */
export type WatchedFile = { readonly below: string; readonly sizeBytes: number; readonly mtimeNs: string };
/** A file as it was when it was answered last. `key` is that answer's; `isFault`: it could not be answered. */
export type AnsweredFile = {
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  readonly key: string | null;
  readonly isFault: boolean;
};

type Row = {
  readonly size: number;
  readonly mtime: string;
  readonly seq: number | null;
  readonly key: string | null;
  readonly is_fault: number;
};

function answeredRow(db: Readable, run: number, below: string): Row | undefined {
  return db.get<Row>(
    `SELECT w.size, w.mtime, w.seq, r.key, r.fault IS NOT NULL AS is_fault FROM run_watched w
     LEFT JOIN run_items r ON r.run = w.run AND r.seq = w.seq WHERE w.run = ? AND w.path = ?`,
    run,
    toStorable(below),
  );
}

/** For each of these paths how it was answered last; null for those that never were. */
function answeredFiles(
  db: Readable,
  name: string,
  belows: readonly string[],
): readonly (AnsweredFile | null)[] {
  const run = findRun(db, name);
  return belows.map((below) => {
    const row = run && answeredRow(db, run.id, below);
    return row
      ? { sizeBytes: row.size, mtimeNs: row.mtime, key: row.key, isFault: row.is_fault === 1 }
      : null;
  });
}

function noteFile(db: Writable, run: number, { file, seq }: { file: WatchedFile; seq: number | null }): void {
  db.run(
    'INSERT OR REPLACE INTO run_watched (run, path, size, mtime, seq) VALUES (?, ?, ?, ?, ?)',
    run,
    toStorable(file.below),
    file.sizeBytes,
    file.mtimeNs,
    seq,
  );
}

/** Files of a watched folder of this size and time whose item has this answer. */
function sameFiles(
  db: Readable,
  name: string,
  { sizeBytes, mtimeNs, key }: Omit<WatchedFile, 'below'> & { readonly key: string },
): readonly string[] {
  const run = findRun(db, name);
  if (!run) return [];
  return db
    .column<string>(
      `SELECT w.path FROM run_watched w INDEXED BY run_watched_files
       JOIN run_items r ON r.run = w.run AND r.seq = w.seq
       WHERE w.run = ? AND w.size = ? AND w.mtime = ? AND r.key = ? ORDER BY w.path`,
      run.id,
      sizeBytes,
      mtimeNs,
      key,
    )
    .map(fromStorable);
}

type WatchedChange = {
  readonly progress: RunProgress;
  readonly file: WatchedFile;
  /** Where the file was when it was answered; null where it was never elsewhere. */
  readonly movedFrom: string | null;
};

/**
 * A file of a watched folder was answered. What failed before has its new outcome in its old place; what was written anew
 * with the same content gets no second row; other content under the same name is another item. The item of a file that was moved follows it.
 */
export function addWatchedItem(
  db: Writable,
  item: RunItemEntry,
  { progress, file, movedFrom }: WatchedChange,
): void {
  const before = findRun(db, item.run);
  const moved = before && movedFrom !== null ? answeredRow(db, before.id, movedFrom) : undefined;
  if (before && movedFrom !== null && moved && moved.seq !== null) {
    renameRunItem(db, item, moved.seq);
    db.run('DELETE FROM run_watched WHERE run = ? AND path = ?', before.id, toStorable(movedFrom));
    noteFile(db, before.id, { file, seq: moved.seq });
    return;
  }
  const known = before && answeredRow(db, before.id, file.below);
  let seq = known?.seq ?? null;
  if (seq !== null && known?.is_fault === 1) {
    replaceRunItem(db, item, { seq, elapsedMs: progress.elapsedMs });
    // That is where failed items are answered again, which is over while a folder is watched.
    db.run('UPDATE runs SET retry_seq = NULL WHERE name = ?', item.run);
  } else if (seq === null || item.key === null || item.key !== known?.key) {
    seq = before?.items ?? 0;
    addRunItem(db, item, progress);
  }
  const run = before ?? findRun(db, item.run);
  if (run) noteFile(db, run.id, { file, seq });
}

/** Notes files that are not to be answered, as they are now; `areAll` once all that were there before are noted. */
function passOverFiles(
  db: Writable,
  name: string,
  { files, areAll }: { files: readonly WatchedFile[]; areAll: boolean },
): void {
  const run = findRun(db, name);
  if (!run) return;
  for (const file of files) noteFile(db, run.id, { file, seq: null });
  if (areAll) noteFile(db, run.id, { file: { below: '', sizeBytes: 0, mtimeNs: '0' }, seq: null });
}

/** The newest run that watches this folder, with the model's version and digest that it was begun with. */
function watchingRun(db: Readable, folder: string): { readonly id: string; readonly model: string } | null {
  const row = db.get<{ name: string; model: string }>(
    `SELECT r.name, json_extract(r.request, '$.model') AS model FROM runs r JOIN run_inputs i ON i.run = r.id AND i.seq = 0
     WHERE i.path = ? AND r.removed_by IS NULL AND json_extract(r.request, '$.watch') IS NOT NULL
     ORDER BY r.started_at DESC, r.id DESC LIMIT 1`,
    toStorable(folder),
  );
  return row ? { id: row.name, model: row.model } : null;
}

/** The volume that an input lies on, and the way from where it is mounted to the input. */
export type InputVolume = { readonly id: string; readonly below: string };

/** As it was noted; null where nothing was, since not every file system can be told from others. */
function inputVolume(db: Readable, name: string, input: number): InputVolume | null {
  const row = db.get<{ volume: string | null }>(
    'SELECT volume FROM run_inputs WHERE run = (SELECT id FROM runs WHERE name = ?) AND seq = ?',
    name,
    input,
  );
  if (!row?.volume) return null;
  const { id, below } = JSON.parse(row.volume) as InputVolume;
  return { id, below: fromStorable(below) };
}

/** Items of a run whose outcome was replaced since its change with this number, in order of the changes. */
function changedItems(
  db: Readable,
  name: string,
  after: number,
): readonly { readonly seq: number; readonly change: number }[] {
  const run = findRun(db, name);
  return run
    ? db.all(
        'SELECT seq, changed AS change FROM run_items WHERE run = ? AND changed > ? ORDER BY changed LIMIT 200',
        run.id,
        after,
      )
    : [];
}

/** How far a watched folder's results were printed: items in front of `next`, and replaced ones up to this change. */
type PrintedUpTo = { readonly next: number; readonly change: number };

function printedUpTo(db: Readable, name: string): PrintedUpTo | null {
  const row = db.get<{ next: number | null; change: number | null }>(
    'SELECT printed_items AS next, printed_changes AS change FROM runs WHERE name = ?',
    name,
  );
  return row && row.next !== null && row.change !== null ? { next: row.next, change: row.change } : null;
}

export const watchQueries = {
  reads: {
    changedItems: read({
      on: 'reader',
      run: ({ db }, run: string, after: number) => changedItems(db, run, after),
      otherwise: [],
    }),
    /** How many of a run's items were replaced so far. */
    itemChanges: read({
      on: 'reader',
      run: ({ db }, run: string) => findRun(db, run)?.changes ?? 0,
      otherwise: 0,
    }),
    /** Null where nothing of the run was ever printed. */
    printedUpTo: read({
      on: 'writer',
      run: ({ db }, run: string) => printedUpTo(db, run),
      otherwise: null,
    }),
    answeredFiles: read({
      on: 'writer',
      run: ({ db }, run: string, belows: readonly string[]) => answeredFiles(db, run, belows),
      otherwise: [],
    }),
    sameFiles: read({
      on: 'writer',
      run: ({ db }, run: string, file: Omit<WatchedFile, 'below'> & { readonly key: string }) =>
        sameFiles(db, run, file),
      otherwise: [],
    }),
    watchingRun: read({
      on: 'writer',
      run: ({ db }, folder: string) => watchingRun(db, folder),
      otherwise: null,
    }),
    inputVolume: read({
      on: 'writer',
      run: ({ db }, run: string, input: number) => inputVolume(db, run, input),
      otherwise: null,
    }),
  },
  changes: {
    addWatchedItem: laterChange({
      run: (db, item: RunItemEntry, to: WatchedChange) => addWatchedItem(db, item, to),
    }),
    passOverFiles: change({
      run: (db, run: string, files: { files: readonly WatchedFile[]; areAll: boolean }) =>
        passOverFiles(db, run, files),
      otherwise: undefined,
    }),
    /** Committed before the reply: what was printed is not printed again after a kill. */
    setPrintedUpTo: change({
      run: (db, run: string, { next, change: upTo }: PrintedUpTo) =>
        void db.run('UPDATE runs SET printed_items = ?, printed_changes = ? WHERE name = ?', next, upTo, run),
      otherwise: undefined,
    }),
    setInputVolume: change({
      run: (db, run: string, to: InputVolume & { readonly input: number }) =>
        void db.run(
          'UPDATE run_inputs SET volume = ? WHERE run = (SELECT id FROM runs WHERE name = ?) AND seq = ?',
          JSON.stringify({ id: to.id, below: toStorable(to.below) }),
          run,
          to.input,
        ),
      otherwise: undefined,
    }),
  },
};
