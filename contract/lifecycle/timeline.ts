import { z } from 'zod';
import { PackId, Version } from '../ids.ts';
import {
  CanaryReport,
  DeniedVersion,
  LifecycleEvent,
  Pointer,
  VersionPolicy,
  VersionRecord,
} from './lifecycle.ts';
import { TrialProgress, TrialReport } from './trial.ts';
import { Offer } from './update.ts';

/** One version in a model's timeline. */
export const TimelineEntry = VersionRecord.extend({
  /** Bytes on disk; null when it is not installed. */
  size: z.number().nullable(),
  golden: z.strictObject({ passed: z.number().int(), total: z.number().int(), at: z.string() }).nullable(),
  /** Number of stored answers by this version. */
  answers: z.number().int(),
  /** Of the items with a confirmed label, how many this version answered (`of`) and how many correctly. */
  confirmed: z.strictObject({ right: z.number().int(), of: z.number().int() }).nullable(),
  /** Set while a feed offers it and it is not installed. */
  offer: Offer.nullable(),
  denied: DeniedVersion.nullable(),
  /** The publisher's reason for revoking it. */
  revoked: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Everything about the versions of one model, newest first. */
export const Timeline = z.strictObject({
  model: PackId,
  title: z.string(),
  policy: VersionPolicy,
  pointer: Pointer,
  versions: z.array(TimelineEntry),
  /** Newest first, at most 200. */
  events: z.array(LifecycleEvent),
  /** The last comparison of the version on trial, or of the active one before the switch. */
  trial: TrialReport.nullable(),
  progress: TrialProgress.nullable(),
  canary: CanaryReport.nullable(),
});
export type Timeline = z.infer<typeof Timeline>;

export const VersionRef = z.strictObject({ model: PackId, version: Version });
export type VersionRef = z.infer<typeof VersionRef>;
