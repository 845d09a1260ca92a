import { resultMethod } from '../../contract/runs/result-key.ts';
import { withEmbedding } from '../../contract/tasks/index.ts';
import { toStorable } from '../lib/file-names.ts';
import type { Readable, Writable } from './database.ts';
import { change, laterChange, read } from './declare.ts';
import type { RecordRow, StoredRecord } from './record-row.ts';
import { resultKey } from './result-key.ts';
import { embeddingBytes, putEmbedding, readEmbedding } from './vectors/index.ts';

/**
 * Identity of a file by its stats: when none of these changed, neither did its content. Times in nanoseconds since
 * 1970.
 */
export type FileIdentity = {
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly inode: bigint;
};
/** What a result depends on besides its input. */
type LookupParts = {
  readonly pack: string;
  readonly variant: string;
  readonly provider: string;
  readonly settings: string;
  /** Also reads the feature vector stored with the record. */
  readonly wantsEmbedding?: boolean;
};
type FoundRecord = {
  readonly digest: string | null;
  /** False when no input with exactly this many bytes was ever stored. */
  readonly sizeKnown: boolean;
  readonly key: string | null;
  readonly record: StoredRecord | null;
};

/** Estimated bytes of a row besides its record: columns, indexes, input and file, measured over many rows. */
export const overheadBytes = 1_200;

function digestOf(db: Readable, file: FileIdentity): string | null {
  const row = db.get<{ digest: string }>(
    'SELECT digest FROM files WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ?',
    ...identity(file),
  );
  return row?.digest ?? null;
}

function knowsSize(db: Readable, size: number): boolean {
  return db.get('SELECT 1 FROM inputs WHERE size = ? LIMIT 1', size) !== undefined;
}

/** The feature vector is in another table and is joined only on request. */
export function readRecord(db: Readable, key: string, wantsEmbedding = false): StoredRecord | null {
  const row = db.get<{ record: string }>('SELECT record FROM answers WHERE key = ?', key);
  if (!row) return null;
  const stored = JSON.parse(row.record) as StoredRecord;
  const embedding = wantsEmbedding ? readEmbedding(db, key) : undefined;
  return embedding ? { ...stored, result: withEmbedding(stored.result, embedding) } : stored;
}

export function lookup(
  db: Readable,
  file: FileIdentity,
  { wantsEmbedding, ...parts }: LookupParts,
): FoundRecord {
  const digest = digestOf(db, file);
  if (digest === null) return { digest, sizeKnown: knowsSize(db, file.size), key: null, record: null };
  const key = resultKey({ input: digest, ...parts });
  return { digest, sizeKnown: true, key, record: readRecord(db, key, wantsEmbedding) };
}

function rememberFile(db: Writable, file: FileIdentity, digest: string): void {
  db.run(
    `INSERT INTO files (path, size, mtime_ns, inode, digest) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, inode = excluded.inode, digest = excluded.digest`,
    ...identity(file),
    digest,
  );
}

type RecordEntry = {
  readonly key: string;
  readonly row: RecordRow;
  readonly file: FileIdentity | null;
};

/** Replaces a record under the same key, but leaves its `kept` flag as it was. */
function putRecord(db: Writable, { key, row, file }: RecordEntry, usedAtMs: number): void {
  const { best, embedding } = row;
  db.run('INSERT INTO inputs (digest, size) VALUES (?, ?) ON CONFLICT DO NOTHING', row.digest, row.sizeBytes);
  const { id } = db.get<{ id: number }>(
    `INSERT INTO answers (key, input, model, version, pack, variant, provider, settings, method, label, label_id, score, at, used_at, size_bytes, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET label = excluded.label, label_id = excluded.label_id, score = excluded.score, at = excluded.at,
       used_at = excluded.used_at, size_bytes = excluded.size_bytes, record = excluded.record
     RETURNING id`,
    key,
    row.digest,
    row.model,
    row.version,
    row.packDigest,
    row.variant,
    row.provider,
    row.settings,
    resultMethod,
    best?.label ?? null,
    best?.id ?? null,
    best?.score ?? null,
    row.at,
    usedAtMs,
    Buffer.byteLength(row.json) + overheadBytes + (embedding ? embeddingBytes(embedding) : 0),
    row.json,
  )!;
  if (embedding) putEmbedding(db, { pack: row.packDigest, variant: row.variant, answer: id }, embedding);
  if (file) rememberFile(db, file, row.digest);
}

function keepRecord(db: Writable, key: string, isPinned: boolean): void {
  db.run('UPDATE answers SET kept = ? WHERE key = ?', isPinned ? 1 : 0, key);
}

/** Updates the time of last use, at most once a minute: enough for eviction order, and most hits write nothing. */
export function touchRecord(db: Writable, key: string, nowMs: number): void {
  db.run('UPDATE answers SET used_at = ? WHERE key = ? AND used_at < ?', nowMs, key, nowMs - 60_000);
}

/** Inodes are unsigned 64-bit numbers; SQLite's integers are signed. */
function identity(file: FileIdentity): [string, number, bigint, bigint] {
  return [toStorable(file.path), file.size, file.mtimeNs, BigInt.asIntN(64, file.inode)];
}

const pathMark = ({ path }: FileIdentity): string => `path ${path}`;
const sizeMark = (bytes: number): string => `size ${bytes}`;
/** The dependency mark of a result key, for records and for tensor results. */
export const keyMark = (key: string): string => `key ${key}`;
const unknown: FoundRecord = { digest: null, sizeKnown: true, key: null, record: null };

type PutRecord = [key: string, row: RecordRow, file: FileIdentity | null];

export const recordQueries = {
  reads: {
    /** Digest of a file that was hashed before and has not changed since. */
    digestOf: read({
      on: 'writer',
      run: ({ db }, file: FileIdentity) => digestOf(db, file),
      otherwise: null,
      waitsFor: (file) => [pathMark(file)],
    }),
    /**
     * False when no stored input has this many bytes: then hashing the file first cannot find a record. True also when
     * it is unknown; the cost is one needless hash.
     */
    knowsSize: read({
      on: 'writer',
      run: ({ db }, bytes: number) => knowsSize(db, bytes),
      otherwise: true,
      waitsFor: (bytes) => [sizeMark(bytes)],
    }),
    record: read({
      on: 'writer',
      run: ({ db }, key: string, wantsEmbedding?: boolean) => readRecord(db, key, wantsEmbedding),
      otherwise: null,
      waitsFor: (key) => [keyMark(key)],
      used: (found, key) => (found ? key : null),
    }),
    /**
     * One round trip for the fast path: the digest of the unchanged file and, if stored, the record under the key of
     * that digest.
     */
    lookup: read({
      on: 'writer',
      run: ({ db }, file: FileIdentity, parts: LookupParts) => lookup(db, file, parts),
      otherwise: unknown,
      // The digest is found by path. Its record was stored with an input of the same size, so that size mark
      // covers it.
      waitsFor: (file) => [pathMark(file), sizeMark(file.size)],
      used: (found) => (found.record ? found.key : null),
    }),
  },
  changes: {
    rememberFile: laterChange({
      run: (db, file: FileIdentity, digest: string) => rememberFile(db, file, digest),
      marks: (file) => [pathMark(file)],
    }),
    putRecord: laterChange({
      run: (db, ...[key, row, file]: PutRecord) => putRecord(db, { key, row, file }, Date.now()),
      marks: (key, { sizeBytes }, file) => [
        keyMark(key),
        sizeMark(sizeBytes),
        ...(file ? [pathMark(file)] : []),
      ],
    }),
    keepRecord: change({
      run: (db, key: string, isPinned: boolean) => keepRecord(db, key, isPinned),
      otherwise: undefined,
    }),
  },
};
