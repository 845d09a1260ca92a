import { uptime } from 'node:os';
import type { Writable } from './database.ts';
import { isAlive } from './damage.ts';

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
    return Number(db.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id);
  });
  return { id, forget: () => void db.run('DELETE FROM openings WHERE id = ?', id) };
}

/** Ids of those whose process ended without closing the store. */
export function uncleanEnds(db: Writable): readonly number[] {
  const bootMs = Date.now() - uptime() * 1000;
  return db
    .all<Opening>('SELECT id, pid, process_started_ms, opened_ms FROM openings')
    .filter((row) => !isAlive(row.pid) || row.opened_ms < bootMs - 2_000 || isReusedPid(row))
    .map((row) => row.id);
}

export function forgetOpenings(db: Writable, ids: readonly number[]): void {
  for (const id of ids) db.run('DELETE FROM openings WHERE id = ?', id);
}

function isReusedPid(row: Opening): boolean {
  return row.pid === process.pid && Math.abs(row.process_started_ms - processStartedMs()) > 2_000;
}

function processStartedMs(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}
