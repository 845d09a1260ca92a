import { z } from 'zod';
import { ClockMoment } from '../pictures/camera.ts';
import { Fault } from '../faults/faults.ts';
import { Found } from './found.ts';
import { ItemNumbers, SomeItemNumbers } from './item-numbers.ts';
import { PredictionRecord } from './prediction.ts';
import { Provider, RunId } from '../ids.ts';
import { localTime } from '../local-time.ts';
import { ClientName } from '../serving/serving.ts';

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

/** Bounds of a time, in milliseconds. */
export const MsRange = z.strictObject({ from: z.number(), to: z.number() });
export type MsRange = z.infer<typeof MsRange>;

/** Why a run waits: a person paused it, the battery is low, the drive with its photos is gone, or the store's disk is full. */
const pauseCauses = ['person', 'battery', 'drive', 'disk-full'] as const;
export type PauseCause = (typeof pauseCauses)[number];

/** Why a run works at half its speed; where both hold it is the battery, which a person can do something about. */
const slowCauses = ['heat', 'battery'] as const;
export type SlowCause = (typeof slowCauses)[number];

/*
 * A run answers many files with one version of a model. Its states, its items and what it was asked for are in the store.
 *
 *                 ┌──────────────────────── resume ─────────────────────────┐
 *                 v                                                         │
 *   start ──> scanning ──found──> running ──finish──> done                  │
 *    retry ──>    │                  │                  (retry: failed ones │
 *                 │                  │                   again)             │
 *                 ├──────────────────┼──pause(by)──> paused ────────────────┤
 *                 ├──────────────────┼──lose owner─> interrupted ───────────┤   its process ended; also from paused, unless
 *                 ├──────────────────┼──fail───────> failed ────────────────┤   a person paused it
 *                 └──────────────────┴──stop──> stopping ──settle──> stopped┘   nothing of it is running, so also from
 *                                                                              paused and interrupted at once
 *
 * Files are answered while the folder is still being walked, so `running` has `found` growing until `scanned` is true.
 * Every finished item is kept in every state. Items are written in the order of the walk: the last one is where to go on.
 */
const phase = {
  scanning: { kind: z.literal('scanning') },
  running: { kind: z.literal('running') },
  /** `fault` says why, where it was no person: the drive or the disk by name. */
  paused: { kind: z.literal('paused'), by: z.enum(pauseCauses), fault: Fault.nullable() },
  stopping: { kind: z.literal('stopping') },
  stopped: { kind: z.literal('stopped') },
  done: { kind: z.literal('done') },
  failed: { kind: z.literal('failed'), fault: Fault },
  interrupted: { kind: z.literal('interrupted') },
};
const base = {
  id: RunId,
  title: z.string(),
  model: z.string(),
  /** The version that answers all of it, whatever is installed meanwhile. */
  version: z.string(),
  counts: RunCounts,
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  /** ISO 8601 UTC of the end, or of the last pause; null while it runs. */
  endedAt: z.string().nullable(),
  /** Milliseconds that it has run, pauses left out. */
  elapsedMs: z.number(),
  /** Answers a second over the last few seconds, in another process or when it is over on average; 0 until known. */
  rate: z.number(),
  /** Milliseconds left by the smoothed rate; null until it can be said. */
  leftMs: z.number().nullable(),
  /** Until 2 % is done the time left is only known within these bounds, in milliseconds; null from then on. */
  leftRangeMs: MsRange.nullable(),
  /** What answered last; null until known, and of a run that this process does not work on. */
  provider: Provider.nullable(),
  /** Null while it works as fast as it can. */
  slowedBy: z.enum(slowCauses).nullable(),
  /** Which process works on it, or watches for what it waits for: this one, another one, or none. */
  owner: z.enum(['here', 'elsewhere']).nullable(),
  /** Null for one that an older Outpost made. */
  startedBy: ClientName.nullable(),
  /** False for one that an older Outpost made, which did not keep what the run was asked for. */
  isRepeatable: z.boolean(),
  /** It answers what comes into a folder, and has no end of its own. */
  isWatching: z.boolean(),
};
export const RunPhase = z.discriminatedUnion('kind', [
  z.strictObject(phase.scanning),
  z.strictObject(phase.running),
  z.strictObject(phase.paused),
  z.strictObject(phase.stopping),
  z.strictObject(phase.stopped),
  z.strictObject(phase.done),
  z.strictObject(phase.failed),
  z.strictObject(phase.interrupted),
]);
export type RunPhase = z.infer<typeof RunPhase>;
export const RunState = z.discriminatedUnion('kind', [
  z.strictObject({ ...phase.scanning, ...base }),
  z.strictObject({ ...phase.running, ...base }),
  z.strictObject({ ...phase.paused, ...base }),
  z.strictObject({ ...phase.stopping, ...base }),
  z.strictObject({ ...phase.stopped, ...base }),
  z.strictObject({ ...phase.done, ...base }),
  z.strictObject({ ...phase.failed, ...base }),
  z.strictObject({ ...phase.interrupted, ...base }),
]);
export type RunState = z.infer<typeof RunState>;

/** Whether a process works on it. */
export const isRunLive = ({ kind }: Pick<RunState, 'kind'>): boolean =>
  kind === 'scanning' || kind === 'running' || kind === 'stopping';
/** Whether its process goes on with it by itself, once what it lacks is there. */
export const isRunWaiting = ({ kind, owner }: Pick<RunState, 'kind' | 'owner'>): boolean =>
  kind === 'paused' && owner !== null;
export const isWaitingForPower = (run: RunState): boolean =>
  isRunWaiting(run) && run.kind === 'paused' && run.by === 'battery';
/** A run in a fault, as a person knows it: by its title and when it began, on this computer's clock. Its id stays for programs. */
export function namedRun({ id, title, startedAt }: Pick<RunState, 'id' | 'title' | 'startedAt'>) {
  const at = new Date(startedAt);
  const { day, clock } = localTime(at);
  const begun = Number.isNaN(at.getTime()) ? startedAt : `${day} ${clock.slice(0, 2).join(':')}`;
  return { run: id, title: title || id, begun };
}
/** How a run ended that is done: with results; or without one, as no photo could be read, or as there was none. */
export function doneKind({ counts }: Pick<RunState, 'counts'>): 'done' | 'unread' | 'empty' {
  if (counts.answered > 0) return 'done';
  return counts.faults > 0 ? 'unread' : 'empty';
}
/** Whether it can be gone on with where it was. */
export const isRunResumable = ({ kind, isRepeatable }: Pick<RunState, 'kind' | 'isRepeatable'>): boolean =>
  isRepeatable && (kind === 'paused' || kind === 'interrupted' || kind === 'stopped' || kind === 'failed');

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
  /** The item of the run that has the same content, by its whole name; null where this is the first or only one. */
  duplicateOf: z.strictObject({ seq: z.number().int(), name: z.string() }).nullable(),
  /** Of an answer that is still stored, of a task that finds things. */
  found: Found.nullable(),
  /** What a person said is on it, empty for nothing; null while nobody did. */
  confirmed: z.string().nullable(),
});
export type RunRow = z.infer<typeof RunRow>;

/**
 * `walk`: the order in which files were met, in which equal labels and scores are too. Labels are compared without the case of
 * ASCII letters. Items without a label or score come last in both directions.
 */
export const RunSort = z.strictObject({ by: z.enum(['walk', 'label', 'score']), descending: z.boolean() });
export type RunSort = z.infer<typeof RunSort>;

/**
 * `unsure`: first label's score lies below `unsureBelow`. `empty`: answered, and nothing was found. `label`: only what has this
 * label among its own. `fault`: only what failed with this code. `search` matches folder, file name or label, case-insensitive.
 * `camera`, `site`: as `RunFacets` names them, case-insensitive; a camera also by its model or by make and model. `from`, `to`: taken
 * in this period, by the cameras' clocks as a person set them right; what says no time is in none. `review`: answered items of which
 * nobody has said what is on them (`open`), or somebody has (`done`). `duplicates`: `only` what has the same content as an item before it,
 * or what is left `without` those.
 */
export const RunPageQuery = z.strictObject({
  run: RunId,
  show: z.enum(['all', 'unsure', 'empty', 'faults']),
  label: z.string().min(1).max(400).optional(),
  fault: z.string().min(1).max(80).optional(),
  camera: z.string().min(1).max(400).optional(),
  site: z.string().min(1).max(1000).optional(),
  from: ClockMoment.optional(),
  to: ClockMoment.optional(),
  review: z.enum(['open', 'done']).optional(),
  duplicates: z.enum(['only', 'without']).optional(),
  unsureBelow: z.number().min(0).max(1),
  search: z.string().max(200),
  /** Absent: as walked. */
  sort: RunSort.optional(),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(500),
});
export type RunPageQuery = z.infer<typeof RunPageQuery>;
/** Which items of a run a list shows, without the place in it. */
export const RunFilter = RunPageQuery.omit({ run: true, sort: true, offset: true, limit: true });
export type RunFilter = z.infer<typeof RunFilter>;

export const RunPage = z.strictObject({
  rows: z.array(RunRow),
  /** Rows that fit the query. */
  total: z.number().int(),
  /** False while the list is still looked through: rows and total are what was found so far, and whoever asks again gets more. */
  isWhole: z.boolean(),
  all: z.number().int(),
  unsure: z.number().int(),
  empty: z.number().int(),
  faults: z.number().int(),
});
export type RunPage = z.infer<typeof RunPage>;

/** Items with a label, and how many of them have the same content as another one. */
export const LabelCount = z.strictObject({
  label: z.string(),
  count: z.number().int(),
  duplicates: z.number().int(),
});
export type LabelCount = z.infer<typeof LabelCount>;
/** How many items failed for a reason, with the first of them as an example. */
export const FaultCount = z.strictObject({ code: z.string(), count: z.number().int(), example: Fault });
export type FaultCount = z.infer<typeof FaultCount>;
/**
 * `top`: items with each label, most first; an item has a label once, however many boxes of it. `empty`: items on which nothing
 * was found. `reviewed`: items of which a person said what is on them. `reasons`: why items failed, most first.
 */
export const RunSummary = z.strictObject({
  top: z.array(LabelCount),
  empty: z.number().int(),
  reviewed: z.number().int(),
  /** Items with the same content as another one, and those of them on which nothing was found. */
  duplicates: z.number().int(),
  emptyDuplicates: z.number().int(),
  reasons: z.array(FaultCount),
  faultSeqs: z.array(z.number().int()),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Items of a run that a person selected. */
export const PickedItems = z.strictObject({ run: RunId, items: SomeItemNumbers });
export type PickedItems = z.infer<typeof PickedItems>;
/** Files that the system's drag is given at most: whoever drops them somewhere waits for all of them without a sign. */
export const mostDragged = 10_000;
/** Rows of a run's list from `offset` on, which may be all of them. */
export const RunSpan = RunPageQuery.extend({ limit: z.number().int().min(1) });
export type RunSpan = z.infer<typeof RunSpan>;
/** The items in these rows, in their order. `isWhole` as in a page. */
export const RunSpanItems = z.strictObject({ items: ItemNumbers, isWhole: z.boolean() });
export type RunSpanItems = z.infer<typeof RunSpanItems>;

export const RunItem = z.strictObject({ row: RunRow, record: PredictionRecord.nullable() });
export type RunItem = z.infer<typeof RunItem>;
