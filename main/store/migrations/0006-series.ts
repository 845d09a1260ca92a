import type { Migration } from './migration.ts';

/** Time series of what was served, by minute, hour or day, and of the machine's load. */
export const seriesMigration: Migration = {
  version: 6,
  up: (db) =>
    db.script(`
      CREATE TABLE series (
        span INTEGER NOT NULL,
        at INTEGER NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        door TEXT NOT NULL,
        answered INTEGER NOT NULL,
        faults INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        latency TEXT NOT NULL,
        wait_max REAL NOT NULL,
        wait_sum REAL NOT NULL,
        run_sum REAL NOT NULL,
        batches REAL NOT NULL,
        batch_rows REAL NOT NULL,
        PRIMARY KEY (span, at, model, version, door)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE machine_series (
        span INTEGER NOT NULL,
        at INTEGER NOT NULL,
        queued_max INTEGER NOT NULL,
        workers INTEGER NOT NULL,
        restarts INTEGER NOT NULL,
        memory_bytes INTEGER NOT NULL,
        PRIMARY KEY (span, at)
      ) STRICT, WITHOUT ROWID;
    `),
};
