import type { Readable, Value, Writable } from './database.ts';

/** Histogram of latencies: number of answers by bucket index; an absent bucket is 0. */
type LatencyCounts = Readonly<Record<number, number>>;

/** What one version served to one client in one time step. Times in milliseconds. */
export type SeriesSums = {
  readonly answered: number;
  readonly faults: number;
  readonly cached: number;
  readonly latency: LatencyCounts;
  readonly waitMaxMs: number;
  readonly waitSumMs: number;
  readonly runSumMs: number;
  readonly batches: number;
  readonly batchRows: number;
};
/** `at`: start of the minute, in seconds since 1970. Values are added to an existing row. */
export type SeriesRow = SeriesSums & {
  readonly at: number;
  readonly model: string;
  readonly version: string;
  readonly client: string;
};
/** `restarts` are summed; of the others the maximum is kept. */
export type MachineRow = {
  readonly at: number;
  readonly queuedMax: number;
  readonly workers: number;
  readonly restarts: number;
  readonly memoryBytes: number;
};
export type SeriesEntry = { readonly rows: readonly SeriesRow[]; readonly machine: readonly MachineRow[] };

/** `from` (included) and `to` (not included) in seconds since 1970, `step` in seconds. */
export type SeriesQuery = {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly model?: string;
  readonly client?: string;
};
/** Ascending; steps without any request are absent. */
export type SeriesPage = {
  readonly sums: readonly (SeriesSums & { readonly at: number })[];
  readonly machine: readonly MachineRow[];
  /** Every model that served anything in this time, whatever the filter. */
  readonly models: readonly string[];
};

export const spans = { minute: 60, hour: 3_600, day: 86_400 } as const;
export type Span = (typeof spans)[keyof typeof spans];

/** A row as stored: the histogram is a JSON text, readable with any SQLite tool. */
export type StoredSeriesRow = Omit<SeriesRow, 'latency'> & { readonly latency: string };
const columns = `at, model, version, door AS client, answered, faults, cached, latency, wait_max AS waitMaxMs,
  wait_sum AS waitSumMs, run_sum AS runSumMs, batches, batch_rows AS batchRows`;
const machineColumns = 'at, queued_max AS queuedMax, workers, restarts, memory_bytes AS memoryBytes';
export const selectRows = `SELECT ${columns} FROM series`;
export const selectMachine = `SELECT ${machineColumns} FROM machine_series`;

export function addSeries(db: Writable, { rows, machine }: SeriesEntry): void {
  for (const row of rows) addRow(db, spans.minute, row);
  for (const row of machine) addMachine(db, spans.minute, row);
}

/** Adds to an existing row, so that a restart in the same minute or a second process loses nothing. */
export function addRow(db: Writable, span: Span, row: SeriesRow): void {
  const { at, model, version, client } = row;
  const there = db.get<{ latency: string }>(
    'SELECT latency FROM series WHERE span = ? AND at = ? AND model = ? AND version = ? AND door = ?',
    span,
    at,
    model,
    version,
    client,
  );
  const latency: Record<number, number> = { ...row.latency };
  if (there) pour(countsOf(there.latency), latency);
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
    client,
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

/** Sums by step over all matching rows, whether they are minutes, hours or days by now. */
export function series(db: Readable, { from, to, step, model, client }: SeriesQuery): SeriesPage {
  const within = `span IN (${spans.minute}, ${spans.hour}, ${spans.day}) AND at >= ? AND at < ?`;
  const values: Value[] = [from, to];
  let where = within;
  if (model !== undefined) {
    where += ' AND model = ?';
    values.push(model);
  }
  if (client !== undefined) {
    where += ' AND door = ?';
    values.push(client);
  }
  const sums = new Map<number, Sum>();
  for (const row of db.each<StoredSeriesRow>(`${selectRows} WHERE ${where}`, ...values)) {
    const at = row.at - (row.at % step);
    const sum = sums.get(at) ?? newSum(at);
    sums.set(at, sum);
    addTo(sum, row);
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
    sums: [...sums.values()].toSorted((a, b) => a.at - b.at),
    machine: [...machine.values()].toSorted((a, b) => a.at - b.at),
    models: models.map((one) => one.model),
  };
}

/** Mutable, since a busy day has more than ten thousand rows to add up. */
type Sum = { -readonly [K in keyof SeriesSums]: SeriesSums[K] } & {
  readonly at: number;
  readonly latency: Record<number, number>;
};
const newSum = (at: number): Sum => ({
  at,
  answered: 0,
  faults: 0,
  cached: 0,
  latency: {},
  waitMaxMs: 0,
  waitSumMs: 0,
  runSumMs: 0,
  batches: 0,
  batchRows: 0,
});

function addTo(sum: Sum, row: StoredSeriesRow): void {
  sum.answered += row.answered;
  sum.faults += row.faults;
  sum.cached += row.cached;
  sum.waitMaxMs = Math.max(sum.waitMaxMs, row.waitMaxMs);
  sum.waitSumMs += row.waitSumMs;
  sum.runSumMs += row.runSumMs;
  sum.batches += row.batches;
  sum.batchRows += row.batchRows;
  pour(countsOf(row.latency), sum.latency);
}

function joinMachine(a: MachineRow | undefined, b: MachineRow): MachineRow {
  return {
    at: b.at,
    queuedMax: Math.max(a?.queuedMax ?? 0, b.queuedMax),
    workers: Math.max(a?.workers ?? 0, b.workers),
    restarts: (a?.restarts ?? 0) + b.restarts,
    memoryBytes: Math.max(a?.memoryBytes ?? 0, b.memoryBytes),
  };
}

function pour(from: SeriesSums['latency'], into: Record<number, number>): void {
  for (const index in from) into[index] = (into[index] ?? 0) + (from[index] ?? 0);
}

export const countsOf = (text: string): Record<number, number> => JSON.parse(text) as Record<number, number>;
