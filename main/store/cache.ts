import type { CacheStats } from '../../contract/serving/status.ts';
import type { Readable, Value, Writable } from './database.ts';
import { read } from './declare.ts';
import { capBytes } from './preferences.ts';
import { resultKey } from './result-key.ts';
import { parseSettings } from './stored-settings.ts';
import { removeTensorResults, verifyTensorResults } from './tensor-results.ts';

type CacheEntry = {
  readonly key: string;
  readonly input: string;
  readonly model: string;
  readonly version: string;
  readonly variant: string;
  readonly provider: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly at: string;
  readonly usedAt: string;
  readonly kept: boolean;
};
type HistoryQuery = {
  readonly label?: string;
  readonly model?: string;
  readonly before?: { at: string; key: string };
  readonly limit: number;
};
export type PurgeQuery = { readonly olderThanMs?: number; readonly model?: string; readonly all?: boolean };
type CacheVerifyReport = {
  readonly checked: number;
  readonly damaged: readonly { key: string; reason: string }[];
  readonly integrity: string;
};

function cacheStats(db: Readable): Omit<CacheStats, 'capBytes'> {
  const models = db.all<{
    model: string;
    version: string;
    answers: number;
    kept: number;
    size_bytes: number;
  }>('SELECT model, version, answers, kept, size_bytes FROM totals ORDER BY model, version');
  return {
    answers: models.reduce((sum, row) => sum + row.answers, 0),
    kept: models.reduce((sum, row) => sum + row.kept, 0),
    inputs: db.get<{ n: number }>('SELECT count(*) AS n FROM inputs')?.n ?? 0,
    sizeBytes: models.reduce((sum, row) => sum + row.size_bytes, 0),
    oldestAt:
      db.get<{ at: string | null }>(
        `SELECT min(at) AS at FROM (SELECT min(at) AS at FROM answers UNION ALL SELECT min(at) FROM tensor_answers)`,
      )?.at ?? null,
    models: models.map(({ model, version, answers }) => ({ model, version, answers })),
  };
}

type HistoryRow = Omit<CacheEntry, 'usedAt' | 'kept'> & { readonly used_at: number; readonly kept: number };

export function history(db: Readable, query: HistoryQuery): CacheEntry[] {
  const where: string[] = [];
  const values: Value[] = [];
  if (query.label !== undefined) {
    where.push('label = ?');
    values.push(query.label);
  }
  if (query.model !== undefined) {
    where.push('model = ?');
    values.push(query.model);
  }
  if (query.before) {
    where.push('(at, key) < (?, ?)');
    values.push(query.before.at, query.before.key);
  }
  const rows = db.all<HistoryRow>(
    `SELECT key, input, model, version, variant, provider, label, score, at, used_at, kept FROM answers
     ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY at DESC, key DESC LIMIT ?`,
    ...values,
    query.limit,
  );
  return rows.map(({ used_at: usedAt, kept, ...rest }) => ({
    ...rest,
    usedAt: new Date(usedAt).toISOString(),
    kept: kept === 1,
  }));
}

/** Removes one portion of the answers that match the whole query, never pinned ones; 0 when none are left. */
export function purgePortion(db: Writable, query: PurgeQuery, portion: number): number {
  const where: string[] = [];
  const values: Value[] = [];
  if (query.olderThanMs !== undefined) {
    where.push('at < ?');
    values.push(new Date(Date.now() - query.olderThanMs).toISOString());
  }
  if (query.model !== undefined) {
    where.push("(model = ? OR model || '@' || version = ?)");
    values.push(query.model, query.model);
  }
  if (where.length === 0 && query.all !== true) return 0;
  const removed = removeRecords(
    db,
    `SELECT id, input FROM answers WHERE ${['kept = 0', ...where].join(' AND ')} LIMIT ${portion}`,
    values,
  );
  return removed > 0 ? removed : removeTensorResults(db, { where, values }, portion);
}

export function totalBytes(db: Readable): number {
  return db.get<{ n: number }>('SELECT coalesce(sum(size_bytes), 0) AS n FROM totals')?.n ?? 0;
}

/** Evicts one portion of the least recently used answers that are not pinned, of photos and of tensors. */
export function sweepPortion(db: Writable, excessBytes: number): number {
  const oldest = db.all<{ kind: 'photo' | 'tensor'; sizeBytes: number }>(
    `SELECT 'photo' AS kind, size_bytes AS sizeBytes, used_at FROM answers WHERE kept = 0
     UNION ALL SELECT 'tensor', size_bytes, used_at FROM tensor_answers
     ORDER BY used_at LIMIT 1000`,
  );
  const portion = { photo: 0, tensor: 0 };
  let freed = 0;
  // Evicting whole portions would overshoot a small cap: a tensor's answer may be a thousand times as large as a
  // photo's.
  for (const { kind, sizeBytes } of oldest) {
    if (freed >= excessBytes) break;
    portion[kind] += 1;
    freed += sizeBytes;
  }
  const photos = removeRecords(
    db,
    `SELECT id, input FROM answers WHERE kept = 0 ORDER BY used_at LIMIT ${portion.photo}`,
    [],
  );
  return photos + removeTensorResults(db, { where: [], values: [], order: 'used_at' }, portion.tensor);
}

/** Returns a few free pages to the file system (incremental vacuum). True while there are more. */
export function shrinkPortion(db: Writable): boolean {
  const free = (): number => db.get<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0;
  const before = free();
  if (before < 256) return false;
  db.script('PRAGMA incremental_vacuum(512)');
  return free() < before;
}

/** SQLite's integrity check, then each answer's key against the parts it was computed from. */
export function verifyCache(db: Readable): CacheVerifyReport {
  const damaged: { key: string; reason: string }[] = [];
  let checked = 0;
  const integrity = db
    .all<{ integrity_check: string }>('PRAGMA integrity_check(20)')
    .map((row) => row.integrity_check);
  const rows = db.each<VerifyRow>(
    'SELECT key, input, model, version, pack, variant, provider, settings, method, record FROM answers',
  );
  const take = (key: string, reason: string | null): void => {
    checked += 1;
    if (reason !== null) damaged.push({ key, reason });
  };
  for (const row of rows) take(row.key, verdictOn(row));
  for (const { key, reason } of verifyTensorResults(db)) take(key, reason);
  return { checked, damaged, integrity: integrity.join('; ') };
}

type VerifyRow = Record<
  'key' | 'input' | 'model' | 'version' | 'pack' | 'variant' | 'provider' | 'settings' | 'record',
  string
> & { readonly method: number };

function verdictOn(row: VerifyRow): string | null {
  if (resultKey(row) !== row.key) return 'its key does not belong to what it was asked with';
  try {
    const record = JSON.parse(row.record) as Record<string, unknown> | null;
    const agrees =
      record?.['digest'] === row.input && record['packDigest'] === row.pack && record['model'] === row.model;
    return agrees ? null : 'its record speaks of another input or model';
  } catch {
    return 'its record cannot be read';
  }
}

function removeRecords(db: Writable, select: string, values: readonly Value[]): number {
  return db.transaction(() => {
    const rows = db.all<{ id: number; input: string }>(select, ...values);
    for (const { id, input } of rows) {
      db.run('DELETE FROM answers WHERE id = ?', id);
      const isUsed = db.get('SELECT 1 FROM answers WHERE input = ? LIMIT 1', input) !== undefined;
      if (isUsed) continue;
      db.run('DELETE FROM files WHERE digest = ?', input);
      db.run('DELETE FROM inputs WHERE digest = ?', input);
    }
    return rows.length;
  });
}

const noStats = { answers: 0, kept: 0, inputs: 0, sizeBytes: 0, oldestAt: null, models: [] };

export const cacheQueries = {
  reads: {
    cacheStats: read({
      on: 'reader',
      run: ({ db }): CacheStats => ({ ...cacheStats(db), capBytes: capBytes(db) }),
      otherwise: { ...noStats, capBytes: parseSettings({}).cacheCapBytes },
    }),
    /** Newest first. */
    history: read({
      on: 'reader',
      run: ({ db }, query: HistoryQuery): readonly CacheEntry[] => history(db, query),
      otherwise: [],
    }),
    verifyCache: read({
      on: 'reader',
      run: ({ db }) => verifyCache(db),
      otherwise: { checked: 0, damaged: [], integrity: 'the store did not answer' },
    }),
  },
  changes: {},
};
