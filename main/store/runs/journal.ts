import type { Fault } from '../../../contract/faults/faults.ts';
import type { LeftOut, RunPhase, SlowCause } from '../../../contract/runs/run.ts';
import type { ClientName } from '../../../contract/serving/serving.ts';
import { fromStorable } from '../../lib/file-names.ts';
import type { Readable, Writable } from '../database.ts';
import { findEndedProcesses } from '../open-processes.ts';
import { addRunInputs } from './inputs.ts';
import type { RunInputs } from './inputs.ts';

/** The request of a run: enough for another process to continue or repeat it. */
export type StoredRunRequest = {
  /** `id@version`: the version that answers the whole run, whatever becomes active meanwhile. */
  readonly model: string;
  /** SHA-256 of that version's manifest. */
  readonly digest: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly decode?: 'exact' | 'fast';
  readonly thorough?: boolean;
  readonly useCache?: boolean;
  readonly top?: number;
  /** Its input is a folder that is watched: all that is in it is answered, or only what comes. */
  readonly watch?: 'all' | 'new';
  /** Who started it. */
  readonly client?: ClientName;
};
export type RunHead = {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** Null for a run made by an older Outpost. */
  readonly request: StoredRunRequest | null;
};
/**
 * Progress of a run that its rows do not show. `cursor` is the last item written: the input's index and the path below
 * it.
 */
export type RunProgress = {
  readonly found: number;
  readonly scanned: boolean;
  readonly leftOut: LeftOut;
  readonly elapsedMs: number;
};
export type RunCursor = { readonly input: number; readonly below: string };
export type RunCommand = 'pause' | 'stop' | 'resume';

/** A run as stored. `owner`: the process that works on it, or waits for its drive or disk space. */
export type StoredRun = RunHead &
  RunProgress & {
    readonly phase: RunPhase;
    readonly owner: 'here' | 'elsewhere' | null;
    readonly endedAt: string | null;
    readonly items: number;
    readonly faults: number;
    readonly fromCache: number;
    readonly cursor: RunCursor | null;
    /** seq of the last failed item that was retried; null while no retry is running. */
    readonly retrySeq: number | null;
    /** Why its owner works at half speed on it. */
    readonly slowedBy: SlowCause | null;
  };

const own = '(SELECT id FROM temp.own_opening)';

/**
 * Inserts the run with the first portion of its inputs. Until `addRunInputs` has added the last one it counts as
 * removed by this process, so that a crash leaves no partial run.
 */
export function startRun(db: Writable, head: RunHead, inputs: RunInputs): void {
  db.run(
    `INSERT INTO runs (name, title, model, version, started_at, state, request, owner, removed_by)
     VALUES (?, ?, ?, ?, ?, 'scanning', ?, ${own}, ${own})
     ON CONFLICT (name) DO UPDATE SET title = excluded.title, model = excluded.model, version = excluded.version,
       started_at = excluded.started_at, state = excluded.state, request = excluded.request, owner = excluded.owner`,
    head.id,
    head.title,
    head.model,
    head.version,
    head.startedAt,
    head.request && JSON.stringify(head.request),
  );
  addRunInputs(db, head.id, inputs);
}

/**
 * Takes ownership of a run that is in state `from`; false when its state changed or another process owns it. `again`
 * also retries its failed items, from the first.
 */
export function claimRun(
  db: Writable,
  name: string,
  from: { kind: RunPhase['kind']; again: boolean },
): boolean {
  const changed = db.run(
    `UPDATE runs SET state = 'scanning', paused_by = NULL, fault = NULL, ended_at = NULL, wanted = NULL, slowed_by = NULL, owner = ${own},
       retry_seq = CASE WHEN ? THEN -1 ELSE retry_seq END
     WHERE name = ? AND state = ? AND (owner IS NULL OR owner = ${own}) AND removed_by IS NULL`,
    from.again ? 1 : 0,
    name,
    from.kind,
  );
  return changed === 1;
}

export type RunChange = RunProgress & { readonly phase: RunPhase; readonly isRetried: boolean };

/**
 * Writes the state of a run that this process owns, and clears the owner when nothing is left to work on or wait for.
 */
export function setRunPhase(db: Writable, name: string, to: RunChange): void {
  const { phase } = to;
  const isOwned =
    phase.kind === 'scanning' ||
    phase.kind === 'running' ||
    phase.kind === 'stopping' ||
    (phase.kind === 'paused' && phase.by !== 'person');
  const isLive = isOwned && phase.kind !== 'paused';
  db.run(
    `UPDATE runs SET state = ?, paused_by = ?, fault = ?, owner = CASE WHEN ? THEN ${own} END, ended_at = ?,
       wanted = CASE WHEN ? THEN wanted END, slowed_by = CASE WHEN ? THEN slowed_by END, found = ?, scanned = ?, left_out = ?, elapsed_ms = ?,
       retry_seq = CASE WHEN ? THEN NULL ELSE retry_seq END,
       cursor_input = CASE WHEN ? THEN (SELECT count(*) FROM run_inputs WHERE run = runs.id) ELSE cursor_input END
     WHERE name = ?`,
    phase.kind,
    phase.kind === 'paused' ? phase.by : null,
    'fault' in phase && phase.fault ? JSON.stringify(phase.fault) : null,
    isOwned ? 1 : 0,
    isLive ? null : new Date().toISOString(),
    isLive ? 1 : 0,
    isLive ? 1 : 0,
    to.found,
    to.scanned ? 1 : 0,
    leftOutText(to.leftOut),
    Math.round(to.elapsedMs),
    to.isRetried ? 1 : 0,
    // With the cursor behind the last input, a retry of failed items does not also walk files that were added since.
    phase.kind === 'done' ? 1 : 0,
    name,
  );
}

/** Writes the state of a run without an owner; false when a process owns it by now. */
export function setIdleRunPhase(
  db: Writable,
  name: string,
  change: { from: RunPhase['kind']; to: RunPhase['kind'] },
): boolean {
  return (
    db.run(
      'UPDATE runs SET state = ?, paused_by = NULL WHERE name = ? AND state = ? AND owner IS NULL',
      change.to,
      name,
      change.from,
    ) === 1
  );
}

/** Writes why this process works at half speed on a run that it owns. */
export const setRunSlowed = (db: Writable, name: string, cause: SlowCause | null): void =>
  void db.run(`UPDATE runs SET slowed_by = ? WHERE name = ? AND owner = ${own}`, cause, name);

/** Leaves a command for the process that owns the run; false when none does. */
export const commandRun = (db: Writable, name: string, command: RunCommand): boolean =>
  db.run('UPDATE runs SET wanted = ? WHERE name = ? AND owner IS NOT NULL', command, name) === 1;

/** Commands that other processes left for these runs. */
export const runCommands = (db: Readable, names: readonly string[]): { run: string; command: RunCommand }[] =>
  db.all(
    'SELECT name AS run, wanted AS command FROM runs WHERE wanted IS NOT NULL AND name IN (SELECT value FROM json_each(?))',
    JSON.stringify(names),
  );

/** Clears a command once it is being carried out. */
export const takeRunCommand = (db: Writable, name: string): void =>
  void db.run('UPDATE runs SET wanted = NULL WHERE name = ?', name);

/**
 * Marks runs whose process ended without saying so: the arrows `lose owner` of contract/runs/run.ts. Called whenever a store
 * is opened and runs are listed. Returns how many there were.
 */
export function settleRuns(db: Writable): number {
  const isNone = db.get('SELECT 1 FROM runs WHERE owner IS NOT NULL LIMIT 1') === undefined;
  if (isNone) return 0;
  return db.run(
    `UPDATE runs SET state = CASE state WHEN 'stopping' THEN 'stopped' ELSE 'interrupted' END, owner = NULL, wanted = NULL,
       paused_by = NULL, slowed_by = NULL, fault = NULL
     WHERE owner IS NOT NULL AND (owner NOT IN (SELECT id FROM openings) OR owner IN (SELECT value FROM json_each(?)))`,
    JSON.stringify(findEndedProcesses(db)),
  );
}

/** Hides a run. It is deleted once this process has closed the store; until then `restoreRun` undoes it. */
export const removeRun = (db: Writable, name: string): boolean =>
  db.run(
    `UPDATE runs SET removed_by = ${own} WHERE name = ? AND removed_by IS NULL AND owner IS NULL`,
    name,
  ) === 1;
export const restoreRun = (db: Writable, name: string): boolean =>
  db.run(`UPDATE runs SET removed_by = NULL WHERE name = ? AND removed_by = ${own}`, name) === 1;

type RunRow = {
  readonly name: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
  readonly started_at: string;
  readonly items: number;
  readonly faults: number;
  readonly from_cache: number;
  readonly state: RunPhase['kind'];
  readonly paused_by: string | null;
  readonly fault: string | null;
  readonly request: string | null;
  readonly owner: number | null;
  readonly own: number | null;
  readonly ended_at: string | null;
  readonly elapsed_ms: number;
  readonly found: number;
  readonly scanned: number;
  readonly left_out: string;
  readonly cursor_input: number | null;
  readonly cursor_path: string | null;
  readonly retry_seq: number | null;
  readonly slowed_by: SlowCause | null;
};
const columns = `name, title, model, version, started_at, items, faults, from_cache, state, paused_by, fault, request, owner,
  ${own} AS own, ended_at, elapsed_ms, found, scanned, left_out, cursor_input, cursor_path, retry_seq, slowed_by`;

export function storedRun(db: Readable, name: string): StoredRun | null {
  const row = db.get<RunRow>(`SELECT ${columns} FROM runs WHERE name = ? AND removed_by IS NULL`, name);
  return row ? toRun(row) : null;
}

/** Newest first. */
export const listRuns = (db: Readable, limit: number): StoredRun[] =>
  db
    .all<RunRow>(
      `SELECT ${columns} FROM runs WHERE removed_by IS NULL ORDER BY started_at DESC, id DESC LIMIT ?`,
      limit,
    )
    .map(toRun);

/** Those of these names that are there, newest first. */
export const runsNamed = (db: Readable, names: readonly string[]): StoredRun[] =>
  db
    .all<RunRow>(
      `SELECT ${columns} FROM runs WHERE name IN (SELECT value FROM json_each(?)) ORDER BY started_at DESC, id DESC`,
      JSON.stringify(names),
    )
    .map(toRun);

function toRun(row: RunRow): StoredRun {
  return {
    id: row.name,
    title: row.title,
    model: row.model,
    version: row.version,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    request: row.request === null ? null : (JSON.parse(row.request) as StoredRunRequest),
    phase: phaseOf(row),
    owner: row.owner === null ? null : row.owner === row.own ? 'here' : 'elsewhere',
    items: row.items,
    faults: row.faults,
    fromCache: row.from_cache,
    found: Math.max(row.found, row.items),
    scanned: row.scanned === 1,
    leftOut: leftOutOf(row.left_out),
    elapsedMs: row.elapsed_ms,
    cursor:
      row.cursor_input === null
        ? null
        : { input: row.cursor_input, below: fromStorable(row.cursor_path ?? '') },
    retrySeq: row.retry_seq,
    slowedBy: row.slowed_by,
  };
}

function phaseOf({ state, paused_by: by, fault: text }: RunRow): RunPhase {
  const fault = text === null ? null : (JSON.parse(text) as Fault);
  if (state === 'paused') return { kind: 'paused', by: (by ?? 'person') as 'person', fault };
  if (state === 'failed') return fault ? { kind: 'failed', fault } : { kind: 'interrupted' };
  return { kind: state };
}

export const leftOutText = ({ other, hidden, system }: LeftOut): string =>
  JSON.stringify([other, hidden, system]);
function leftOutOf(text: string): LeftOut {
  const [other = 0, hidden = 0, system = 0] = JSON.parse(text) as number[];
  return { other, hidden, system };
}
