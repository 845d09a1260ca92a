import type { Readable, Writable } from './database.ts';
import type { StoredToken } from './tokens-door.ts';

type Row = Omit<StoredToken, 'models' | 'isControl'> & {
  readonly models: string | null;
  readonly isControl: number;
};

export function tokens(db: Readable): StoredToken[] {
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

/** Neither the hash nor what a token is known by ever changes; when it was last used only moves on. */
export function saveToken(db: Writable, token: StoredToken): void {
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

export function tokenUsed(db: Writable, id: string, at: string): void {
  db.run(
    'UPDATE tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)',
    at,
    id,
    at,
  );
}
