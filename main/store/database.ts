import Sqlite from 'better-sqlite3';

export type Value = string | number | bigint | Uint8Array | null;

/** A handle that can only ask. A reader's connection is opened read-only too; this type keeps writes from compiling. */
export type Readable = {
  get<T>(sql: string, ...values: readonly Value[]): T | undefined;
  all<T>(sql: string, ...values: readonly Value[]): T[];
  each<T>(sql: string, ...values: readonly Value[]): IterableIterator<T>;
};

/** A handle that can also change. */
export type Writable = Readable & {
  /** Number of rows changed. */
  run(sql: string, ...values: readonly Value[]): number;
  script(sql: string): void;
  /** All of `work` or nothing; takes the write lock at once, so that it cannot fail half-way for another writer. */
  transaction<T>(work: () => T): T;
};

/** Whoever opens it closes it. */
export type Opened<H> = { readonly handle: H; close(): void };

/** How long a statement waits for another process that writes; its groups are far shorter. */
const lockWaitMs = 6_000;

export function openWritable(file: string): Opened<Writable> {
  return writable(new Sqlite(file, { timeout: lockWaitMs }));
}

/** A database in memory, beginning as `image` when one is given. */
export function openInMemory(image?: Buffer): Opened<Writable> {
  return writable(image ? new Sqlite(image) : new Sqlite(':memory:'));
}

export function openReadable(file: string): Opened<Readable> {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: lockWaitMs });
  db.pragma('query_only = on');
  return { handle: readable(db), close: () => db.close() };
}

function readable(db: Sqlite.Database): Readable {
  const prepared = new Map<string, Sqlite.Statement>();
  const statement = (sql: string): Sqlite.Statement => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  return {
    get: <T>(sql: string, ...values: readonly Value[]) => statement(sql).get(...values) as T | undefined,
    all: <T>(sql: string, ...values: readonly Value[]) => statement(sql).all(...values) as T[],
    // A statement that is being walked is busy, so each walk has its own.
    each: <T>(sql: string, ...values: readonly Value[]) =>
      db.prepare(sql).iterate(...values) as IterableIterator<T>,
  };
}

function writable(db: Sqlite.Database): Opened<Writable> {
  const reads = readable(db);
  const prepared = new Map<string, Sqlite.Statement>();
  const run = (sql: string, ...values: readonly Value[]): number => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement.run(...values).changes;
  };
  const script = (sql: string): void => void db.exec(sql);
  const transaction = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      db.exec('COMMIT');
      return value;
    } catch (error) {
      // SQLite has already rolled back after a full disk and its like.
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
  return { handle: { ...reads, run, script, transaction }, close: () => db.close() };
}
