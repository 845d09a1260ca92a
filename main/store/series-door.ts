/** How many answers took about so long, by the index of a histogram that its writer knows; absent is none. */
export type LatencyCounts = Readonly<Record<number, number>>;

/** What was served of one version through one door in one step of time. Times in milliseconds. */
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
/** `at`: start of the minute, in seconds since 1970. Rows are added to what stands there already. */
export type SeriesRow = SeriesSums & {
  readonly at: number;
  readonly model: string;
  readonly version: string;
  readonly door: string;
};
/** `restarts` are added up, of the others the largest stays. */
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
  readonly door?: string;
};
/** Steps in which nothing happened are absent; ascending. */
export type SeriesPage = {
  readonly sums: readonly (SeriesSums & { readonly at: number })[];
  readonly machine: readonly MachineRow[];
  /** Every model that has anything in this time, whatever was asked for. */
  readonly models: readonly string[];
};

/** The meter's part of the store. As everywhere in the store, nothing rejects for an expected reason. */
export type SeriesStore = {
  /** Adds to the minutes named; what is old is rolled up into hours and days, and forgotten after 13 weeks. */
  addSeries(entry: SeriesEntry, nowMs: number): void;
  series(query: SeriesQuery): Promise<SeriesPage>;
};
