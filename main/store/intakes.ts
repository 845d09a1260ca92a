import { fromStorable, toStorable } from '../lib/file-names.ts';
import type { Readable, Writable } from './database.ts';
import { change, laterChange, read } from './declare.ts';

/** A card that is copied, or was. */
type IntakeHead = {
  readonly volume: string | null;
  readonly label: string | null;
  /** The folder of the copy. */
  readonly target: string;
  /** Where its camera stood, in the person's words. */
  readonly site: string | null;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
};
/** `files`: how many are copied; `endedAt` is null until its receipt is written. */
export type StoredIntake = IntakeHead & {
  readonly id: number;
  readonly endedAt: string | null;
  readonly files: number;
};
type FileKey = { readonly below: string; readonly sizeBytes: number; readonly mtimeMs: number };
type CopiedFileEntry = FileKey & {
  readonly intake: number;
  readonly digest: string;
  readonly flaw: string | null;
};
/** A file that is copied: by which intake, and into which folder. */
export type StoredCopy = {
  readonly intake: number;
  readonly target: string;
  readonly digest: string;
  readonly flaw: string | null;
};

const columns = `i.id, volume, label, target, site, started_at AS startedAt, ended_at AS endedAt,
  (SELECT count(*) FROM intake_files f WHERE f.intake = i.id) AS files FROM intakes i`;
const shown = (row: StoredIntake): StoredIntake => ({ ...row, target: fromStorable(row.target) });

function beginIntake(db: Writable, { volume, label, target, site, startedAt }: IntakeHead): number {
  db.run(
    'INSERT INTO intakes (volume, label, target, site, started_at) VALUES (?, ?, ?, ?, ?)',
    volume,
    label,
    toStorable(target),
    site,
    startedAt,
  );
  return db.get<{ id: number }>('SELECT id FROM intakes WHERE target = ?', toStorable(target))?.id ?? 0;
}

function addCopiedFile(db: Writable, file: CopiedFileEntry): void {
  db.run(
    'INSERT OR REPLACE INTO intake_files (intake, path, size, mtime, digest, flaw) VALUES (?, ?, ?, ?, ?, ?)',
    file.intake,
    toStorable(file.below),
    file.sizeBytes,
    file.mtimeMs,
    file.digest,
    file.flaw,
  );
}

/** For each file every copy of one with its name, size and time, newest first. */
const copiesOf = (db: Readable, files: readonly FileKey[]): readonly (readonly StoredCopy[])[] =>
  files.map(({ below, sizeBytes, mtimeMs }) =>
    db
      .all<StoredCopy>(
        `SELECT f.intake, i.target, f.digest, f.flaw FROM intake_files f JOIN intakes i ON i.id = f.intake
         WHERE f.path = ? AND f.size = ? AND f.mtime = ? ORDER BY f.intake DESC`,
        toStorable(below),
        sizeBytes,
        mtimeMs,
      )
      .map((copy) => ({ ...copy, target: fromStorable(copy.target) })),
  );

/** The files of a copy in the order of their names, from behind `after` on. */
const filesOfIntake = (
  db: Readable,
  intake: number,
  { after, limit }: { after: string; limit: number },
): readonly Omit<CopiedFileEntry, 'intake'>[] =>
  db
    .all<Omit<CopiedFileEntry, 'intake'>>(
      `SELECT path AS below, size AS sizeBytes, mtime AS mtimeMs, digest, flaw FROM intake_files
       WHERE intake = ? AND path > ? ORDER BY path LIMIT ?`,
      intake,
      toStorable(after),
      limit,
    )
    .map((file) => ({ ...file, below: fromStorable(file.below) }));

export const intakeQueries = {
  reads: {
    /** Of a card by what it was given when it was formatted, newest first. */
    intakesOf: read({
      on: 'writer',
      run: ({ db }, volume: string): readonly StoredIntake[] =>
        db
          .all<StoredIntake>(`SELECT ${columns} WHERE volume = ? ORDER BY id DESC LIMIT 100`, volume)
          .map(shown),
      otherwise: [],
    }),
    /** All of them, newest first. */
    intakes: read({
      on: 'reader',
      run: ({ db }, limit: number): readonly StoredIntake[] =>
        db.all<StoredIntake>(`SELECT ${columns} ORDER BY id DESC LIMIT ?`, limit).map(shown),
      otherwise: [],
    }),
    copiesOf: read({
      on: 'writer',
      run: ({ db }, files: readonly FileKey[]) => copiesOf(db, files),
      otherwise: [],
    }),
    filesOfIntake: read({
      on: 'reader',
      run: ({ db }, intake: number, span: { after: string; limit: number }) =>
        filesOfIntake(db, intake, span),
      otherwise: [],
    }),
  },
  changes: {
    /** Gives its number; 0 where the disk does not take it. */
    beginIntake: change({ run: (db, head: IntakeHead) => beginIntake(db, head), otherwise: 0 }),
    addCopiedFile: laterChange({ run: (db, file: CopiedFileEntry) => addCopiedFile(db, file) }),
    /** Of a card of which nothing had to be copied. */
    forgetIntake: change({
      run: (db, intake: number) => void db.run('DELETE FROM intakes WHERE id = ?', intake),
      otherwise: undefined,
    }),
    endIntake: change({
      run: (db, intake: number, endedAt: string) =>
        void db.run('UPDATE intakes SET ended_at = ? WHERE id = ?', endedAt, intake),
      otherwise: undefined,
    }),
  },
};
