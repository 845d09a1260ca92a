import { uptime } from 'node:os';
import { hasProcess, startOf } from '../lib/process-mark.ts';
import type { Writable } from './database.ts';

type Opening = {
  readonly id: number;
  readonly pid: number;
  readonly process_started_ms: number;
  readonly opened_ms: number;
};

/** Notes that this process has the store open; `forget` is the clean end. */
export function noteOpening(db: Writable, appVersion: string): { readonly id: number; forget(): void } {
  const id = db.transaction(() => {
    db.run(
      'INSERT INTO openings (pid, process_started_ms, opened_ms, app_version) VALUES (?, ?, ?, ?)',
      process.pid,
      processStartedMs(),
      Date.now(),
      appVersion,
    );
    const noted = Number(db.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id);
    // For statements of this connection: what this process owns.
    db.script('CREATE TEMP TABLE own_opening (id INTEGER NOT NULL) STRICT');
    db.run('INSERT INTO temp.own_opening VALUES (?)', noted);
    return noted;
  });
  return { id, forget: () => void db.run('DELETE FROM openings WHERE id = ?', id) };
}

/** Ids of those whose process ended without closing the store. */
export function uncleanEnds(db: Writable): readonly number[] {
  const bootMs = Date.now() - uptime() * 1000;
  return db
    .all<Opening>('SELECT id, pid, process_started_ms, opened_ms FROM openings')
    .filter((row) => !hasProcess(row.pid) || row.opened_ms < bootMs - 2_000 || isReusedPid(row))
    .map((row) => row.id);
}

export function forgetOpenings(db: Writable, ids: readonly number[]): void {
  for (const id of ids) db.run('DELETE FROM openings WHERE id = ?', id);
}

/** The number is another process's by now: in a container the next one begins with the same few numbers. */
function isReusedPid(row: Opening): boolean {
  const found = startOf(String(row.pid));
  if (found?.isOver) return true;
  const own = startOf('self');
  // Starts are told in ticks since the computer's; from one to the other of two processes they are hundredths of a second.
  const startedMs =
    row.pid === process.pid
      ? processStartedMs()
      : found && own && processStartedMs() + (Number(found.start) - Number(own.start)) * 10;
  return startedMs !== null && Math.abs(row.process_started_ms - startedMs) > 2_000;
}

function processStartedMs(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}
