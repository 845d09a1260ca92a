import { z } from 'zod';
import { Fault } from './faults.ts';
import { PredictionRecord } from './prediction.ts';
import { RunId } from './ids.ts';

/**
 * Why a walk passes something over: `other` is a file that is no photo by its ending, or by its bytes where it has none;
 * `hidden` begins with a point; `system` is a bin, thumbnails or the like that a system made. A folder counts as one.
 */
export const leftOutReasons = ['other', 'hidden', 'system'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];
const count = z.number().int();
export const LeftOut = z.strictObject({ other: count, hidden: count, system: count });
export type LeftOut = z.infer<typeof LeftOut>;

export const RunCounts = z.strictObject({
  found: z.number().int(),
  /** The walk is over, so `found` is final. */
  scanned: z.boolean(),
  answered: z.number().int(),
  fromCache: z.number().int(),
  faults: z.number().int(),
  leftOut: LeftOut,
});
export type RunCounts = z.infer<typeof RunCounts>;

const base = {
  id: RunId,
  title: z.string(),
  model: z.string(),
  version: z.string(),
  counts: RunCounts,
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  elapsedMs: z.number(),
  /** Answers a second over the last few seconds; 0 until known. */
  rate: z.number(),
  /** Milliseconds left by the smoothed rate; null until it can be said. */
  leftMs: z.number().nullable(),
};
/*
 * A run answers many files with one model.
 *
 *   scanning ──> running ──> done
 *      │            │
 *      └────────────┴──stop──> stopping ──> stopped      every finished item is kept
 *      └────────────┴──fault─> failed                    nothing more could start (model gone, quarantined, …)
 *
 * Files are answered while the folder is still being walked, so `running` has `found` growing until `scanned` is true.
 */
export const RunState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scanning'), ...base }),
  z.strictObject({ kind: z.literal('running'), ...base }),
  z.strictObject({ kind: z.literal('stopping'), ...base }),
  z.strictObject({ kind: z.literal('stopped'), ...base }),
  z.strictObject({ kind: z.literal('done'), ...base }),
  z.strictObject({ kind: z.literal('failed'), ...base, fault: Fault }),
]);
export type RunState = z.infer<typeof RunState>;

/** A line of a run's list, light enough for ten thousand of them. `seq` counts from 0 in order of finishing. */
export const RunRow = z.strictObject({
  seq: z.number().int(),
  /** A FileRef of this process, for pictures. */
  ref: z.string(),
  name: z.string(),
  /** Where it lies below the folder that was given, with `/` between its steps; empty for that folder itself. */
  folder: z.string(),
  label: z.string().nullable(),
  score: z.number().nullable(),
  durationMs: z.number().nullable(),
  cached: z.boolean(),
  fault: Fault.nullable(),
});
export type RunRow = z.infer<typeof RunRow>;

/** `unsure`: first label's score lies below `unsureBelow`. `search` matches folder, file name or label, case-insensitive. */
export const RunPageQuery = z.strictObject({
  run: RunId,
  show: z.enum(['all', 'unsure', 'faults']),
  unsureBelow: z.number().min(0).max(1),
  search: z.string().max(200),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(500),
});
export type RunPageQuery = z.infer<typeof RunPageQuery>;

export const RunPage = z.strictObject({
  rows: z.array(RunRow),
  /** Rows that fit the query. */
  total: z.number().int(),
  all: z.number().int(),
  unsure: z.number().int(),
  faults: z.number().int(),
});
export type RunPage = z.infer<typeof RunPage>;

export const LabelCount = z.strictObject({ label: z.string(), count: z.number().int() });
export const RunSummary = z.strictObject({ top: z.array(LabelCount), faultSeqs: z.array(z.number().int()) });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunItem = z.strictObject({ row: RunRow, record: PredictionRecord.nullable() });
export type RunItem = z.infer<typeof RunItem>;
