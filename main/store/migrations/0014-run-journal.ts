import type { Migration } from './migration.ts';

/**
 * What is needed to find and continue a run after its process ended: state, request, inputs, cursor, and the process
 * that works on it. Older runs have no request: they count as ended and can only be viewed.
 */
export const runJournalMigration: Migration = {
  version: 14,
  up: (db) =>
    db.script(`
      ALTER TABLE runs ADD COLUMN state TEXT NOT NULL DEFAULT 'stopped';
      ALTER TABLE runs ADD COLUMN paused_by TEXT;
      ALTER TABLE runs ADD COLUMN fault TEXT;
      -- JSON: the model pinned to version and digest, and the options.
      ALTER TABLE runs ADD COLUMN request TEXT;
      -- The row of openings whose process works on it.
      ALTER TABLE runs ADD COLUMN owner INTEGER;
      -- What another process asks of the owner: pause, stop or resume.
      ALTER TABLE runs ADD COLUMN wanted TEXT;
      ALTER TABLE runs ADD COLUMN ended_at TEXT;
      ALTER TABLE runs ADD COLUMN elapsed_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN from_cache INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN found INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN scanned INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN left_out TEXT NOT NULL DEFAULT '[0,0,0]';
      -- Where the walk is: the number of the input and the path below it of the last item that was written.
      ALTER TABLE runs ADD COLUMN cursor_input INTEGER;
      ALTER TABLE runs ADD COLUMN cursor_path TEXT;
      -- While failed items are answered again: seq of the last one that was; -1 before the first.
      ALTER TABLE runs ADD COLUMN retry_seq INTEGER;
      -- Counts up when rows are replaced, so that a filter knows which to look at again.
      ALTER TABLE runs ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
      -- The row of openings whose person removed it: until that one closes it can be brought back.
      ALTER TABLE runs ADD COLUMN removed_by INTEGER;
      UPDATE runs SET found = items;
      UPDATE runs SET from_cache = (SELECT count(*) FROM run_items WHERE run = runs.id AND cached = 1);

      CREATE TABLE run_inputs (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        path TEXT NOT NULL,
        -- JSON: what tells the volume it lies on from others; NULL until looked at.
        volume TEXT,
        PRIMARY KEY (run, seq)
      ) STRICT, WITHOUT ROWID;

      -- NULL: path is whole. Else it is the way below this input of the run, so that a drive may come back elsewhere.
      ALTER TABLE run_items ADD COLUMN input INTEGER;
      ALTER TABLE run_items ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX run_items_changed ON run_items (run, changed) WHERE changed > 0;
    `),
};
