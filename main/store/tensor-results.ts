import { createHash } from 'node:crypto';
import { resultMethod } from '../../contract/runs/result-key.ts';
import type { ResultKeyParts } from '../../contract/runs/result-key.ts';
import { keyMark } from './records.ts';
import type { Readable, Value, Writable } from './database.ts';
import { laterChange, read } from './declare.ts';
import { resultKey } from './result-key.ts';

/** The stored result of a tensor request; `input` is the digest of all inputs with their names, types and shapes. */
export type TensorResultEntry = ResultKeyParts & {
  readonly model: string;
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  /** Every output of the graph, in the encoding of the caller; opaque to the store. */
  readonly outputs: Uint8Array;
};

/** Estimated bytes of a result besides its outputs: row and indexes. */
const overheadBytes = 800;

export function tensorResult(db: Readable, key: string): Uint8Array | null {
  return (
    db.get<{ outputs: Uint8Array }>('SELECT outputs FROM tensor_answers WHERE key = ?', key)?.outputs ?? null
  );
}

/** Replaces a result under the same key. */
export function putTensorResult(db: Writable, { key, entry }: PutTensorResult, usedAtMs: number): void {
  db.run(
    `INSERT INTO tensor_answers
       (key, input, model, version, pack, variant, provider, settings, method, at, used_at, size_bytes, digest, outputs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET at = excluded.at, used_at = excluded.used_at,
       size_bytes = excluded.size_bytes, digest = excluded.digest, outputs = excluded.outputs`,
    key,
    entry.input,
    entry.model,
    entry.version,
    entry.pack,
    entry.variant,
    entry.provider,
    entry.settings,
    entry.method ?? resultMethod,
    entry.at,
    usedAtMs,
    entry.outputs.byteLength + overheadBytes,
    digestOf(entry.outputs),
    entry.outputs,
  );
}
type PutTensorResult = { readonly key: string; readonly entry: TensorResultEntry };

/** As for records of photos, updates the time of last use at most once a minute. */
export function touchTensorResult(db: Writable, key: string, nowMs: number): void {
  db.run('UPDATE tensor_answers SET used_at = ? WHERE key = ? AND used_at < ?', nowMs, key, nowMs - 60_000);
}

type Fits = {
  readonly where: readonly string[];
  readonly values: readonly Value[];
  readonly order?: 'used_at';
};

/** Removes one portion of the matching results; returns how many. */
export function removeTensorResults(db: Writable, { where, values, order }: Fits, portion: number): number {
  return db.run(
    `DELETE FROM tensor_answers WHERE id IN
       (SELECT id FROM tensor_answers ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
        ${order ? `ORDER BY ${order}` : ''} LIMIT ${portion})`,
    ...values,
  );
}

type VerifyRow = ResultKeyParts & {
  readonly key: string;
  readonly digest: string;
  readonly outputs: Uint8Array;
};

/** Checks each result against its digest, and its key against the parts it was computed from. */
export function* verifyTensorResults(db: Readable): Generator<{ key: string; reason: string | null }> {
  const rows = db.each<VerifyRow>(
    'SELECT key, input, pack, variant, provider, settings, method, digest, outputs FROM tensor_answers',
  );
  for (const row of rows) yield { key: row.key, reason: verdictOn(row) };
}

function verdictOn(row: VerifyRow): string | null {
  if (resultKey(row) !== row.key) return 'its key does not belong to what it was asked with';
  return digestOf(row.outputs) === row.digest ? null : 'its outputs are not the ones that were stored';
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const tensorResultQueries = {
  reads: {
    /** The outputs stored under this result key. */
    tensorResult: read({
      on: 'writer',
      run: ({ db }, key: string) => tensorResult(db, key),
      otherwise: null,
      waitsFor: (key) => [keyMark(key)],
      used: (found, key) => (found ? key : null),
    }),
  },
  changes: {
    /** Recomputable: dropped when the disk refuses. */
    putTensorResult: laterChange({
      run: (db, key: string, entry: TensorResultEntry) => putTensorResult(db, { key, entry }, Date.now()),
      marks: (key) => [keyMark(key)],
      expendableBytes: (_key, { outputs }) => outputs.byteLength,
    }),
  },
};
