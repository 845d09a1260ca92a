import { uptime } from 'node:os';
import { hasProcess, startOf } from '../lib/process-mark.ts';
import type { Writable } from './database.ts';

type OpenProcess = {
  readonly id: number;
  readonly pid: number;
  readonly process_started_ms: number;
  readonly opened_ms: number;
};

/*
 * The table `openings` has one row for each process that has the store open: written at open, deleted at a clean close. A
 * row whose process no longer runs is an unclean end: its runs are interrupted, and the file is checked for damage.
 */

/** Adds a row for this process; `forget` deletes it at a clean close. */
export function registerProcess(db: Writable, appVersion: string): { readonly id: number; forget(): void } {
  const id = db.transaction(() => {
    db.run(
      'INSERT INTO openings (pid, process_started_ms, opened_ms, app_version) VALUES (?, ?, ?, ?)',
      process.pid,
      processStartedMs(),
      Date.now(),
      appVersion,
    );
    const noted = Number(db.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id);
    // Lets the statements of this connection ask which rows this process owns.
    db.script('CREATE TEMP TABLE own_opening (id INTEGER NOT NULL) STRICT');
    db.run('INSERT INTO temp.own_opening VALUES (?)', noted);
    return noted;
  });
  return { id, forget: () => void db.run('DELETE FROM openings WHERE id = ?', id) };
}

/** Ids of the rows whose process ended without closing the store. */
export function findEndedProcesses(db: Writable): readonly number[] {
  const bootMs = Date.now() - uptime() * 1000;
  return db
    .all<OpenProcess>('SELECT id, pid, process_started_ms, opened_ms FROM openings')
    .filter((row) => !hasProcess(row.pid) || row.opened_ms < bootMs - 2_000 || isReusedPid(row))
    .map((row) => row.id);
}

export function forgetProcesses(db: Writable, ids: readonly number[]): void {
  for (const id of ids) db.run('DELETE FROM openings WHERE id = ?', id);
}

/** Whether the pid belongs to another process by now: containers hand out the same few pids at every start. */
function isReusedPid(row: OpenProcess): boolean {
  const found = startOf(String(row.pid));
  if (found?.isOver) return true;
  const own = startOf('self');
  // The kernel gives start times in ticks (1/100 s) since boot, so compare by the distance from this process's own.
  const startedMs =
    row.pid === process.pid
      ? processStartedMs()
      : found && own && processStartedMs() + (Number(found.start) - Number(own.start)) * 10;
  return startedMs !== null && Math.abs(row.process_started_ms - startedMs) > 2_000;
}

function processStartedMs(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}
