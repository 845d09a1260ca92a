import type { Confirmation } from '../../contract/lifecycle/trial.ts';
import { fromStorable, toStorable } from '../lib/file-names.ts';
import type { Readable, Writable } from './database.ts';
import { change, read } from './declare.ts';

/** A distinct input that was answered before, with the last known path of its file. */
type RecentInput = { readonly digest: string; readonly path: string; readonly at: string };

const columns = 'digest, model, label_id AS labelId, label, path, at';

export function confirm(db: Writable, { digest, model, labelId, label, path, at }: Confirmation): void {
  db.run(
    `INSERT INTO confirmations (digest, model, label_id, label, path, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET label_id = excluded.label_id, label = excluded.label, path = excluded.path, at = excluded.at`,
    digest,
    model,
    labelId,
    label,
    toStorable(path),
    at,
  );
}

export function unconfirm(db: Writable, digest: string, model: string): void {
  db.run('DELETE FROM confirmations WHERE digest = ? AND model = ?', digest, model);
}

export function confirmation(db: Readable, digest: string, model: string): Confirmation | null {
  const sql = `SELECT ${columns} FROM confirmations WHERE digest = ? AND model = ?`;
  const found = db.get<Confirmation>(sql, digest, model);
  return found ? asGiven(found) : null;
}

function confirmations(db: Readable, model: string, limit: number): Confirmation[] {
  return db
    .all<Confirmation>(
      `SELECT ${columns} FROM confirmations WHERE model = ? ORDER BY at DESC, digest LIMIT ?`,
      model,
      limit,
    )
    .map(asGiven);
}

const asGiven = <T extends { readonly path: string }>(row: T): T => ({
  ...row,
  path: fromStorable(row.path),
});

/**
 * One row per version. An input may have been answered under several variants or settings: it counts as right if any of
 * its answers is. Labels are compared by id, since another version may name the same label differently; the empty id
 * means that nothing was found.
 */
function confirmedByVersion(db: Readable, model: string): { version: string; right: number; of: number }[] {
  return db.all(
    `SELECT version, coalesce(sum(isRight), 0) AS "right", count(*) AS "of" FROM (
       SELECT answers.version AS version,
         max(coalesce(answers.label_id, '') = confirmations.label_id) AS isRight
       FROM confirmations JOIN answers ON answers.input = confirmations.digest AND answers.model = confirmations.model
       WHERE confirmations.model = ? GROUP BY confirmations.digest, answers.version
     ) GROUP BY version ORDER BY version`,
    model,
  );
}

/** Reads answers from the newest back until there are enough distinct inputs with a known file. */
function recentInputs(db: Readable, model: string, limit: number): RecentInput[] {
  const found = new Map<string, RecentInput>();
  const rows = db.each<RecentInput>(
    `SELECT answers.input AS digest, files.path AS path, answers.at AS at
     FROM answers CROSS JOIN files ON files.digest = answers.input
     WHERE answers.model = ? ORDER BY answers.at DESC, answers.key DESC`,
    model,
  );
  if (limit <= 0) return [];
  for (const row of rows) {
    if (!found.has(row.digest)) found.set(row.digest, asGiven(row));
    if (found.size >= limit) break;
  }
  return [...found.values()];
}

export const confirmationQueries = {
  reads: {
    confirmation: read({
      on: 'writer',
      run: ({ db }, digest: string, model: string) => confirmation(db, digest, model),
      otherwise: null,
    }),
    /** Newest first. */
    confirmations: read({
      on: 'reader',
      run: ({ db }, model: string, limit: number): readonly Confirmation[] => confirmations(db, model, limit),
      otherwise: [],
    }),
    /** By version: how many of the confirmed inputs that it answered have the right first label. */
    confirmedByVersion: read({
      on: 'reader',
      run: ({ db }, model: string): readonly { version: string; right: number; of: number }[] =>
        confirmedByVersion(db, model),
      otherwise: [],
    }),
    /** Last distinct inputs that a model answered, newest first. */
    recentInputs: read({
      on: 'reader',
      run: ({ db }, model: string, limit: number): readonly RecentInput[] => recentInputs(db, model, limit),
      otherwise: [],
    }),
  },
  changes: {
    confirm: change({ run: (db, one: Confirmation) => confirm(db, one), otherwise: undefined }),
    unconfirm: change({
      run: (db, digest: string, model: string) => unconfirm(db, digest, model),
      otherwise: undefined,
    }),
  },
};
