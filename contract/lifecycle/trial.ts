import { z } from 'zod';
import { PackId, Version } from '../ids.ts';
import { LabelScore } from '../packs/labels.ts';

/**
 * `own`: items with confirmed labels, filled up with the last distinct inputs that are still on disk. `files`: a
 * selection or a former run.
 */
export const TrialBasis = z.enum(['own', 'files']);
export type TrialBasis = z.infer<typeof TrialBasis>;

/**
 * The effect of the new version on one item. With a confirmed label: `better` (only the new one is right), `worse`
 * (only the old one was), `right` or `wrong` (both are). Without one it is unknown which is right: `agree` or `differ`.
 * Each item has one verdict, and the two groups are never mixed.
 */
export const Verdict = z.enum(['right', 'better', 'worse', 'wrong', 'agree', 'differ']);
export type Verdict = z.infer<typeof Verdict>;

const Sums = z.strictObject({
  items: z.number().int(),
  right: z.number().int(),
  better: z.number().int(),
  worse: z.number().int(),
  wrong: z.number().int(),
  agree: z.number().int(),
  differ: z.number().int(),
});

/**
 * Items of one label, either all confirmed or all not. `label` is the confirmed one, else the old version's first
 * label.
 */
export const TrialRow = Sums.extend({ labelId: z.string(), label: z.string() });
export type TrialRow = z.infer<typeof TrialRow>;

const Side = z.strictObject({
  golden: z.strictObject({ passed: z.number().int(), total: z.number().int() }).nullable(),
  /** Latency of one item: decoding and running. */
  medianMs: z.number().nullable(),
  memoryBytes: z.number().nullable(),
});

/** Comparison of two versions over the same items. */
export const TrialReport = z.strictObject({
  /** Id of the comparison for `trial.items`. */
  id: z.string().regex(/^t[0-9a-z]{1,32}$/u),
  model: PackId,
  from: Version,
  to: Version,
  basis: TrialBasis,
  at: z.string(),
  sums: Sums,
  /** Confirmed labels first; within each group the most frequent first. */
  rows: z.array(TrialRow),
  /** Number of the new version's labels that occur in no item. */
  labelsWithout: z.number().int(),
  /** Items whose file was deleted, changed or unreadable. */
  missing: z.number().int(),
  sides: z.strictObject({ from: Side, to: Side }),
});
export type TrialReport = z.infer<typeof TrialReport>;

export const TrialItem = z.strictObject({
  /** A FileRef of this process. */
  ref: z.string(),
  name: z.string(),
  label: z.string(),
  verdict: Verdict,
  from: LabelScore.nullable(),
  to: LabelScore.nullable(),
});
export type TrialItem = z.infer<typeof TrialItem>;

export const TrialItemQuery = z.strictObject({
  id: z.string().regex(/^t[0-9a-z]{1,32}$/u),
  /** Absent: all labels. */
  labelId: z.string().optional(),
  verdict: Verdict.optional(),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(500),
});
export type TrialItemQuery = z.infer<typeof TrialItemQuery>;

/** Progress of a trial. */
export const TrialProgress = z.strictObject({
  model: PackId,
  version: Version,
  phase: z.enum(['golden', 'shadow']),
  done: z.number().int(),
  total: z.number().int(),
});
export type TrialProgress = z.infer<typeof TrialProgress>;

/** A label that a person confirmed for an input. */
export const Confirmation = z.strictObject({
  digest: z.string(),
  model: PackId,
  labelId: z.string(),
  label: z.string(),
  path: z.string(),
  at: z.string(),
});
export type Confirmation = z.infer<typeof Confirmation>;
