import type {
  CanaryReport,
  DeniedVersion,
  LifecycleEvent,
  Pointer,
  VersionPolicy,
  VersionRecord,
} from '../../contract/lifecycle/lifecycle.ts';
import { assertNever } from '../../contract/assert.ts';
import type { Readable, Writable } from './database.ts';
import { change, read } from './declare.ts';

/**
 * One change of the lifecycle. The changes passed to `commitLifecycle` together are one transaction, on disk before it
 * returns.
 */
export type LifecycleChange =
  | { readonly kind: 'version'; readonly record: VersionRecord }
  /** Forgets a version that was offered but never installed. */
  | { readonly kind: 'forget-version'; readonly model: string; readonly version: string }
  /** Applied only when its `seq` is greater than the stored one. */
  | { readonly kind: 'pointer'; readonly model: string; readonly pointer: Pointer }
  /** The last version of the model was removed; a later one starts with a new pointer. */
  | { readonly kind: 'forget-pointer'; readonly model: string }
  | { readonly kind: 'policy'; readonly model: string; readonly policy: VersionPolicy }
  | { readonly kind: 'event'; readonly event: LifecycleEvent }
  | { readonly kind: 'deny'; readonly denied: DeniedVersion }
  | { readonly kind: 'undeny'; readonly model: string; readonly version: string }
  | { readonly kind: 'canary'; readonly report: CanaryReport }
  | { readonly kind: 'end-canary'; readonly model: string };

export type LifecycleRows = {
  readonly versions: readonly VersionRecord[];
  readonly pointers: readonly { readonly model: string; readonly pointer: Pointer }[];
  readonly policies: readonly { readonly model: string; readonly policy: VersionPolicy }[];
  readonly denied: readonly DeniedVersion[];
  readonly canaries: readonly CanaryReport[];
};

type Row = { readonly model: string; readonly text: string };

function lifecycleRows(db: Readable): LifecycleRows {
  const of = <T>(sql: string): T[] => db.all<Row>(sql).map(({ text }) => JSON.parse(text) as T);
  return {
    versions: of<VersionRecord>('SELECT model, record AS text FROM versions ORDER BY model, version'),
    pointers: db
      .all<Row>('SELECT model, pointer AS text FROM pointers ORDER BY model')
      .map(({ model, text }) => ({ model, pointer: JSON.parse(text) as Pointer })),
    policies: db
      .all<Row>('SELECT model, policy AS text FROM policies ORDER BY model')
      .map(({ model, text }) => ({ model, policy: JSON.parse(text) as VersionPolicy })),
    denied: of<DeniedVersion>('SELECT model, denied AS text FROM denied ORDER BY model, version'),
    canaries: of<CanaryReport>('SELECT model, report AS text FROM canaries ORDER BY model'),
  };
}

/** Must run inside the caller's transaction. */
function commitLifecycle(db: Writable, changes: readonly LifecycleChange[]): void {
  for (const change of changes) apply(db, change);
}

function lifecycleEvents(db: Readable, model: string, limit: number): LifecycleEvent[] {
  return db
    .all<{ event: string }>(
      'SELECT event FROM lifecycle_events WHERE model = ? ORDER BY id DESC LIMIT ?',
      model,
      limit,
    )
    .map(({ event }) => JSON.parse(event) as LifecycleEvent);
}

function resultsByVersion(db: Readable, model: string): { version: string; answers: number }[] {
  return db.all('SELECT version, answers FROM totals WHERE model = ? ORDER BY version', model);
}

function ratchets(db: Readable): Record<string, number> {
  const rows = db.all<{ name: string; value: number }>('SELECT name, value FROM ratchets');
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

function raiseRatchets(db: Writable, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    db.run(
      'INSERT INTO ratchets VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)',
      name,
      Math.trunc(value),
    );
}

function apply(db: Writable, change: LifecycleChange): void {
  switch (change.kind) {
    case 'version': {
      const { model, version } = change.record;
      put(db, 'INSERT INTO versions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record', [
        model,
        version,
        JSON.stringify(change.record),
      ]);
      return;
    }
    case 'forget-version':
      put(db, 'DELETE FROM versions WHERE model = ? AND version = ?', [change.model, change.version]);
      return;
    case 'pointer':
      db.run(
        `INSERT INTO pointers VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET seq = excluded.seq, pointer = excluded.pointer WHERE excluded.seq > seq`,
        change.model,
        change.pointer.seq,
        JSON.stringify(change.pointer),
      );
      return;
    case 'forget-pointer':
      put(db, 'DELETE FROM pointers WHERE model = ?', [change.model]);
      return;
    case 'policy':
      put(db, 'INSERT INTO policies VALUES (?, ?) ON CONFLICT DO UPDATE SET policy = excluded.policy', [
        change.model,
        JSON.stringify(change.policy),
      ]);
      return;
    case 'event':
      put(db, 'INSERT INTO lifecycle_events (model, event) VALUES (?, ?)', [
        change.event.model,
        JSON.stringify(change.event),
      ]);
      return;
    case 'deny': {
      const { model, version } = change.denied;
      put(db, 'INSERT INTO denied VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET denied = excluded.denied', [
        model,
        version,
        JSON.stringify(change.denied),
      ]);
      return;
    }
    case 'undeny':
      put(db, 'DELETE FROM denied WHERE model = ? AND version = ?', [change.model, change.version]);
      return;
    case 'canary':
      put(db, 'INSERT INTO canaries VALUES (?, ?) ON CONFLICT DO UPDATE SET report = excluded.report', [
        change.report.model,
        JSON.stringify(change.report),
      ]);
      return;
    case 'end-canary':
      put(db, 'DELETE FROM canaries WHERE model = ?', [change.model]);
      return;
    default:
      return assertNever(change);
  }
}

const put = (db: Writable, sql: string, values: readonly string[]): void => void db.run(sql, ...values);

const noRows: LifecycleRows = { versions: [], pointers: [], policies: [], denied: [], canaries: [] };

/** Reads that decide what happens next go to the writer; lists shown to a person go to the reader. */
export const lifecycleQueries = {
  reads: {
    lifecycle: read({ on: 'writer', run: ({ db }) => lifecycleRows(db), otherwise: noRows }),
    /** Newest first. */
    lifecycleEvents: read({
      on: 'reader',
      run: ({ db }, model: string, limit: number): readonly LifecycleEvent[] =>
        lifecycleEvents(db, model, limit),
      otherwise: [],
    }),
    /** Number of stored answers by version of a model. */
    resultsByVersion: read({
      on: 'reader',
      run: ({ db }, model: string): readonly { version: string; answers: number }[] =>
        resultsByVersion(db, model),
      otherwise: [],
    }),
    /** Named counters that never decrease; setting a smaller value changes nothing. */
    ratchets: read({
      on: 'writer',
      run: ({ db }): Readonly<Record<string, number>> => ratchets(db),
      otherwise: {},
    }),
  },
  changes: {
    /** False when nothing was written (full disk, read-only store): then none of the changes applies. */
    commitLifecycle: change({
      run: (db, changes: readonly LifecycleChange[]): boolean => {
        commitLifecycle(db, changes);
        return true;
      },
      otherwise: false,
      lasts: 'on-disk-only',
    }),
    raiseRatchets: change({
      run: (db, values: Readonly<Record<string, number>>): boolean => {
        raiseRatchets(db, values);
        return true;
      },
      otherwise: false,
      lasts: 'in-memory-too',
    }),
  },
};
