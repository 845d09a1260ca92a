import type { Readable, Value, Writable } from './database.ts';
import type {
  MachineRow,
  SeriesEntry,
  SeriesPage,
  SeriesQuery,
  SeriesRow,
  SeriesSums,
} from './series-door.ts';

export const spans = { minute: 60, hour: 3_600, day: 86_400 } as const;
export type Span = (typeof spans)[keyof typeof spans];

/** A row as SQLite has it: the counts are a JSON text, so that a person with a SQLite tool can read them. */
export type StoredSeriesRow = Omit<SeriesRow, 'latency'> & { readonly latency: string };
const columns = `at, model, version, door, answered, faults, cached, latency, wait_max AS waitMaxMs,
  wait_sum AS waitSumMs, run_sum AS runSumMs, batches, batch_rows AS batchRows`;
const machineColumns = 'at, queued_max AS queuedMax, workers, restarts, memory_bytes AS memoryBytes';
export const selectRows = `SELECT ${columns} FROM series`;
export const selectMachine = `SELECT ${machineColumns} FROM machine_series`;

export function addSeries(db: Writable, { rows, machine }: SeriesEntry): void {
  for (const row of rows) addRow(db, spans.minute, row);
  for (const row of machine) addMachine(db, spans.minute, row);
}

/** Adds to what stands there: a process that starts again in the same minute, or another one beside it, loses nothing. */
export function addRow(db: Writable, span: Span, row: SeriesRow): void {
  const { at, model, version, door } = row;
  const there = db.get<{ latency: string }>(
    'SELECT latency FROM series WHERE span = ? AND at = ? AND model = ? AND version = ? AND door = ?',
    span,
    at,
    model,
    version,
    door,
  );
  const latency = there ? addCounts(countsOf(there.latency), row.latency) : row.latency;
  db.run(
    `INSERT INTO series VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET answered = answered + excluded.answered, faults = faults + excluded.faults,
       cached = cached + excluded.cached, latency = excluded.latency, wait_max = max(wait_max, excluded.wait_max),
       wait_sum = wait_sum + excluded.wait_sum, run_sum = run_sum + excluded.run_sum,
       batches = batches + excluded.batches, batch_rows = batch_rows + excluded.batch_rows`,
    span,
    at,
    model,
    version,
    door,
    row.answered,
    row.faults,
    row.cached,
    JSON.stringify(latency),
    row.waitMaxMs,
    row.waitSumMs,
    row.runSumMs,
    row.batches,
    row.batchRows,
  );
}

export function addMachine(db: Writable, span: Span, row: MachineRow): void {
  db.run(
    `INSERT INTO machine_series VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET queued_max = max(queued_max, excluded.queued_max), workers = max(workers, excluded.workers),
       restarts = restarts + excluded.restarts, memory_bytes = max(memory_bytes, excluded.memory_bytes)`,
    span,
    row.at,
    row.queuedMax,
    row.workers,
    row.restarts,
    Math.round(row.memoryBytes),
  );
}

/** Sums by step over every row that fits, whatever span it has by now. */
export function series(db: Readable, { from, to, step, model, door }: SeriesQuery): SeriesPage {
  const within = `span IN (${spans.minute}, ${spans.hour}, ${spans.day}) AND at >= ? AND at < ?`;
  const values: Value[] = [from, to];
  let where = within;
  if (model !== undefined) {
    where += ' AND model = ?';
    values.push(model);
  }
  if (door !== undefined) {
    where += ' AND door = ?';
    values.push(door);
  }
  const sums = new Map<number, SeriesSums>();
  for (const { latency, ...row } of db.each<StoredSeriesRow>(`${selectRows} WHERE ${where}`, ...values)) {
    const at = row.at - (row.at % step);
    sums.set(at, addSums(sums.get(at), { ...row, latency: countsOf(latency) }));
  }
  const machine = new Map<number, MachineRow>();
  for (const row of db.all<MachineRow>(`${selectMachine} WHERE ${within}`, from, to)) {
    const at = row.at - (row.at % step);
    machine.set(at, joinMachine(machine.get(at), { ...row, at }));
  }
  const models = db.all<{ model: string }>(
    `SELECT DISTINCT model FROM series WHERE ${within} ORDER BY model`,
    from,
    to,
  );
  return {
    sums: [...sums].map(([at, one]) => ({ at, ...one })).toSorted((a, b) => a.at - b.at),
    machine: [...machine.values()].toSorted((a, b) => a.at - b.at),
    models: models.map((one) => one.model),
  };
}

export function addSums(a: SeriesSums | undefined, b: SeriesSums): SeriesSums {
  return {
    answered: (a?.answered ?? 0) + b.answered,
    faults: (a?.faults ?? 0) + b.faults,
    cached: (a?.cached ?? 0) + b.cached,
    latency: a ? addCounts(a.latency, b.latency) : b.latency,
    waitMaxMs: Math.max(a?.waitMaxMs ?? 0, b.waitMaxMs),
    waitSumMs: (a?.waitSumMs ?? 0) + b.waitSumMs,
    runSumMs: (a?.runSumMs ?? 0) + b.runSumMs,
    batches: (a?.batches ?? 0) + b.batches,
    batchRows: (a?.batchRows ?? 0) + b.batchRows,
  };
}

export function joinMachine(a: MachineRow | undefined, b: MachineRow): MachineRow {
  return {
    at: b.at,
    queuedMax: Math.max(a?.queuedMax ?? 0, b.queuedMax),
    workers: Math.max(a?.workers ?? 0, b.workers),
    restarts: (a?.restarts ?? 0) + b.restarts,
    memoryBytes: Math.max(a?.memoryBytes ?? 0, b.memoryBytes),
  };
}

export function addCounts(a: SeriesSums['latency'], b: SeriesSums['latency']): Record<number, number> {
  const both: Record<number, number> = { ...a };
  for (const [index, count] of Object.entries(b)) both[Number(index)] = (both[Number(index)] ?? 0) + count;
  return both;
}

export const countsOf = (text: string): Record<number, number> => JSON.parse(text) as Record<number, number>;
