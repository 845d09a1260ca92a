import { z } from 'zod';
import { PackId } from '../ids.ts';
import { ClientName } from './serving.ts';

export const monitorRanges = ['1h', '24h', '7d', '13w'] as const;
export const MonitorRange = z.enum(monitorRanges);
export type MonitorRange = z.infer<typeof MonitorRange>;

/** Without a model or client: all of them. */
export const MonitorQuery = z.strictObject({
  range: MonitorRange,
  model: PackId.optional(),
  client: ClientName.optional(),
});
export type MonitorQuery = z.infer<typeof MonitorQuery>;

/** One time step. Null where there were no answers. Times in milliseconds. */
export const MonitorPoint = z.strictObject({
  /** Start of the step, in seconds since 1970. */
  t: z.number().int(),
  perSecond: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  /** 0 to 1. */
  cachedShare: z.number().nullable(),
  /** Mean number of rows per batch. */
  batchMean: z.number().nullable(),
  /** Maximum queue length, regardless of the filter. */
  queueMax: z.number().nullable(),
  /** Longest queueing time of these requests. */
  waitMax: z.number().nullable(),
  faults: z.number().int(),
});
export type MonitorPoint = z.infer<typeof MonitorPoint>;

/**
 * Current state. `perSecond` and `medianMs` cover the last five full seconds and the filter; the rest covers this
 * computer.
 */
export const MonitorNow = z.strictObject({
  perSecond: z.number(),
  medianMs: z.number().nullable(),
  workers: z.number().int(),
  restarts: z.number().int(),
  /** Start of the count of restarts, as an ISO date. */
  since: z.string(),
  memoryBytes: z.number(),
  queued: z.number().int(),
  oldestWaitMs: z.number(),
});
export type MonitorNow = z.infer<typeof MonitorNow>;

export const MonitorSeries = z.strictObject({
  range: MonitorRange,
  /** Seconds between two points. */
  stepSeconds: z.number().int(),
  /** Ascending, without gaps, at most 300; empty when there were no requests. */
  points: z.array(MonitorPoint),
  now: MonitorNow,
  /** Models that had requests in this time. */
  models: z.array(z.string()),
  /** Totals over the whole time: answers, faults, median latency, cache hit rate, rows per batch. */
  total: z.strictObject({
    answered: z.number().int(),
    faults: z.number().int(),
    medianMs: z.number().nullable(),
    cachedShare: z.number().nullable(),
    batchMean: z.number().nullable(),
  }),
});
export type MonitorSeries = z.infer<typeof MonitorSeries>;
