import type { AccessToken } from '../../contract/serving/access.ts';
import type { Readable, Writable } from './database.ts';
import { change, laterChange, read } from './declare.ts';

/** A token as stored: its SHA-256 in hexadecimal, never its text. */
export type StoredToken = AccessToken & { readonly hash: string };

type Row = Omit<StoredToken, 'models' | 'isControl'> & {
  readonly models: string | null;
  readonly isControl: number;
};

function tokens(db: Readable): StoredToken[] {
  const rows = db.all<Row>(
    `SELECT id, hash, name, models, is_control AS isControl, tail, created_at AS createdAt,
       last_used_at AS lastUsedAt, revoked_at AS revokedAt
     FROM tokens ORDER BY created_at, id`,
  );
  return rows.map((row) => ({
    ...row,
    models: row.models === null ? null : (JSON.parse(row.models) as string[]),
    isControl: row.isControl === 1,
  }));
}

/** Hash and name of a token never change; the time of last use only increases. */
function saveToken(db: Writable, token: StoredToken): void {
  db.run(
    `INSERT INTO tokens (id, hash, name, models, is_control, tail, created_at, last_used_at, revoked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, models = excluded.models,
       is_control = excluded.is_control, revoked_at = excluded.revoked_at`,
    token.id,
    token.hash,
    token.name,
    token.models === null ? null : JSON.stringify(token.models),
    token.isControl ? 1 : 0,
    token.tail,
    token.createdAt,
    token.lastUsedAt,
    token.revokedAt,
  );
}

function tokenUsed(db: Writable, id: string, at: string): void {
  db.run(
    'UPDATE tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)',
    at,
    id,
    at,
  );
}

/** All queries go to the writer: a reader that lags behind must not accept a revoked token. */
export const tokenQueries = {
  reads: {
    /** By time of creation. */
    tokens: read({
      on: 'writer',
      run: ({ db }): readonly StoredToken[] => tokens(db),
      otherwise: [],
    }),
  },
  changes: {
    /** Inserts or updates; false when the disk refused. A revocation survives a power cut. */
    saveToken: change({
      run: (db, token: StoredToken): boolean => {
        saveToken(db, token);
        return true;
      },
      otherwise: false,
      lasts: 'in-memory-too',
    }),
    tokenUsed: laterChange({ run: (db, id: string, at: string) => tokenUsed(db, id, at) }),
  },
};
