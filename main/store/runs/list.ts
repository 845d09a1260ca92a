import type { Readable } from '../database.ts';
import { runsNamed } from './journal.ts';
import type { StoredRun } from './journal.ts';

export type EndedRunsQuery = {
  /** Part of a title or a model, case-insensitive. */
  readonly search: string;
  readonly show: 'all' | 'faults';
  /** Name of the run that the page begins behind. */
  readonly after: string | null;
  readonly limit: number;
};
export type EndedRuns = { readonly runs: readonly StoredRun[]; readonly total: number };

type Head = {
  readonly name: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
};

/** Runs that a process works on or watches for, newest first. */
export const liveRuns = (db: Readable): StoredRun[] =>
  runsNamed(db, namesIn(db, 'SELECT name FROM runs WHERE removed_by IS NULL AND owner IS NOT NULL'));

/**
 * The others, a page behind the run that the page before ended with: a run that is added meanwhile moves nothing. Titles are
 * compared in JavaScript, since SQLite folds the case of ASCII alone.
 */
export function endedRuns(db: Readable, { search, show, after, limit }: EndedRunsQuery): EndedRuns {
  const heads = db.all<Head>(
    `SELECT name, title, model, version FROM runs WHERE removed_by IS NULL AND owner IS NULL
       ${show === 'faults' ? 'AND faults > 0' : ''} ORDER BY started_at DESC, id DESC`,
  );
  const wanted = search.trim().toLowerCase();
  const fitting =
    wanted === ''
      ? heads
      : heads.filter(({ title, model, version }) =>
          `${title}\n${model} ${version}`.toLowerCase().includes(wanted),
        );
  const from = after === null ? 0 : fitting.findIndex(({ name }) => name === after) + 1;
  const page = fitting.slice(from, from + limit).map(({ name }) => name);
  return { runs: runsNamed(db, page), total: fitting.length };
}

const namesIn = (db: Readable, sql: string): string[] =>
  db.all<{ name: string }>(sql).map(({ name }) => name);
