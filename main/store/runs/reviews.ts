import type { Readable } from '../database.ts';

/** Answers of a run's model on whose photos a person said something; `stamp` differs where they do. */
export type Reviewed = { readonly keys: readonly string[]; readonly stamp: string };

const keysSql = `
  SELECT a.key FROM confirmations c JOIN answers a ON a.input = c.digest AND a.model = c.model
  WHERE c.model = (SELECT model FROM runs WHERE id = ?)`;
const newestSql = 'SELECT max(at) FROM confirmations WHERE model = (SELECT model FROM runs WHERE id = ?)';

export function reviewedAnswers(db: Readable, run: number): Reviewed {
  const keys = db.column<string>(keysSql, run);
  const [newest = null] = db.column<string | null>(newestSql, run);
  return { keys, stamp: `${keys.length} ${newest ?? ''}` };
}
