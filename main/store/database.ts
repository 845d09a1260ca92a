import Sqlite from 'better-sqlite3';

export type Value = string | number | bigint | Uint8Array | null;

/**
 * A handle for queries only. A reader's connection is also opened read-only; this type makes a write a compile error.
 */
export type Readable = {
  get<T>(sql: string, ...values: readonly Value[]): T | undefined;
  all<T>(sql: string, ...values: readonly Value[]): T[];
  /** The first column of each row. */
  column<T>(sql: string, ...values: readonly Value[]): T[];
  each<T>(sql: string, ...values: readonly Value[]): IterableIterator<T>;
};

/** A handle for queries and changes. */
export type Writable = Readable & {
  /** Number of rows changed. */
  run(sql: string, ...values: readonly Value[]): number;
  script(sql: string): void;
  /**
   * Runs `work` as one transaction. BEGIN IMMEDIATE takes the write lock at the start, so it cannot fail half-way
   * because of another writer.
   */
  transaction<T>(work: () => T): T;
};

/** The owner of `Opened` calls `close`. */
export type Opened<H> = { readonly handle: H; close(): void };

/** How long a statement waits for another process's write transaction; those take far less. */
const lockWaitMs = 6_000;

export function openWritable(file: string): Opened<Writable> {
  return writable(new Sqlite(file, { timeout: lockWaitMs }));
}

/** A database in memory, initialised from `image` (a serialised database file) when one is given. */
export function openInMemory(image?: Buffer): Opened<Writable> {
  return writable(image ? new Sqlite(image) : new Sqlite(':memory:'));
}

export function openReadable(file: string): Opened<Readable> {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: lockWaitMs });
  db.pragma('query_only = on');
  return { handle: readable(db), close: () => db.close() };
}

function onceEach(prepare: (sql: string) => Sqlite.Statement): (sql: string) => Sqlite.Statement {
  const prepared = new Map<string, Sqlite.Statement>();
  return (sql) => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = prepare(sql);
    prepared.set(sql, made);
    return made;
  };
}

function readable(db: Sqlite.Database): Readable {
  const statement = onceEach((sql) => db.prepare(sql));
  // A statement gives rows or its first column, so one that is asked for both is prepared twice.
  const columnOf = onceEach((sql) => db.prepare(sql).pluck());
  return {
    get: <T>(sql: string, ...values: readonly Value[]) => statement(sql).get(...values) as T | undefined,
    all: <T>(sql: string, ...values: readonly Value[]) => statement(sql).all(...values) as T[],
    column: <T>(sql: string, ...values: readonly Value[]) => columnOf(sql).all(...values) as T[],
    // A statement cannot be run again while it is being iterated, so each iteration prepares its own.
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
    run('BEGIN IMMEDIATE');
    try {
      const value = work();
      run('COMMIT');
      return value;
    } catch (error) {
      // After errors such as a full disk SQLite has already rolled back.
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
  return { handle: { ...reads, run, script, transaction }, close: () => db.close() };
}
