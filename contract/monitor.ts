import { z } from 'zod';
import { PackId } from './ids.ts';
import { ClientName } from './serving.ts';

export const monitorRanges = ['1h', '24h', '7d', '13w'] as const;
export const MonitorRange = z.enum(monitorRanges);
export type MonitorRange = z.infer<typeof MonitorRange>;

/** Absent model or client: all of them. */
export const MonitorQuery = z.strictObject({
  range: MonitorRange,
  model: PackId.optional(),
  client: ClientName.optional(),
});
export type MonitorQuery = z.infer<typeof MonitorQuery>;

/** One step of time. Null where nothing was answered, so nothing is known. Times in milliseconds. */
export const MonitorPoint = z.strictObject({
  /** Start of the step, in seconds since 1970. */
  t: z.number().int(),
  perSecond: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  /** 0 to 1. */
  cachedShare: z.number().nullable(),
  /** Rows of the batches that ran, on average. */
  batchMean: z.number().nullable(),
  /** Most requests that waited at once, whatever model or client is asked for. */
  queueMax: z.number().nullable(),
  /** Longest that one of these requests waited before it ran. */
  waitMax: z.number().nullable(),
  faults: z.number().int(),
});
export type MonitorPoint = z.infer<typeof MonitorPoint>;

/** How it goes this moment. `perSecond` and `medianMs` are of the last five whole seconds and of what was asked for; the rest is of this computer. */
export const MonitorNow = z.strictObject({
  perSecond: z.number(),
  medianMs: z.number().nullable(),
  workers: z.number().int(),
  restarts: z.number().int(),
  /** Since when restarts are counted, as an ISO date. */
  since: z.string(),
  memoryBytes: z.number(),
  queued: z.number().int(),
  oldestWaitMs: z.number(),
});
export type MonitorNow = z.infer<typeof MonitorNow>;

export const MonitorSeries = z.strictObject({
  range: MonitorRange,
  /** Seconds from one point to the next. */
  stepSeconds: z.number().int(),
  /** Ascending, without gaps, at most 300; empty when nothing was asked in this time. */
  points: z.array(MonitorPoint),
  now: MonitorNow,
  /** Models that were asked in this time. */
  models: z.array(z.string()),
  /** Over the whole time: answers, faults, median of an answer, share from the cache, rows of a batch. */
  total: z.strictObject({
    answered: z.number().int(),
    faults: z.number().int(),
    medianMs: z.number().nullable(),
    cachedShare: z.number().nullable(),
    batchMean: z.number().nullable(),
  }),
});
export type MonitorSeries = z.infer<typeof MonitorSeries>;
