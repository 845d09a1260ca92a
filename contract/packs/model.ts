import { z } from 'zod';
import { Fault, fault } from '../faults/faults.ts';
import { Variant } from './manifest.ts';
import { PackPart } from './pack-parts.ts';
import { PreprocessingStep } from './picture-steps.ts';
import { TaskId } from '../tasks/index.ts';
import { TensorSpec } from '../tensors/tensor.ts';

/** An installed pack. `trust` is its origin; `state` whether it may answer. */
export const ModelSummary = z.strictObject({
  /** `id@version`, which every call takes as a ModelRef. */
  ref: z.string(),
  id: z.string(),
  version: z.string(),
  title: z.string(),
  summary: z.string(),
  task: TaskId,
  licence: z.string(),
  digest: z.string(),
  /** Bytes of all files. */
  size: z.number(),
  labels: z.number().int(),
  variants: z.array(Variant.extend({ size: z.number() })),
  /**
   * The packs that it is composed of; `ref` is the one that currently plays the role, null for none. Absent: it has its
   * own model.
   */
  parts: z.array(PackPart.extend({ ref: z.string().nullable() })).optional(),
  trust: z.enum(['built-in', 'signed', 'local']),
  /** `active` and `previous` refer to this model's versions; which model answers in Try is a setting. */
  state: z.enum(['active', 'previous', 'on-trial', 'installed', 'refused', 'quarantined']),
  label: z.enum(['stable', 'canary', 'previous']).nullable(),
  samples: z.number().int(),
  thresholds: z.strictObject({ unsure: z.number(), shown: z.number() }).nullable(),
  fault: Fault.nullable(),
});
export type ModelSummary = z.infer<typeof ModelSummary>;

const GoldenCaseResult = z.strictObject({
  name: z.string(),
  /** Largest absolute difference from the expected values, and the tolerance. */
  distance: z.number(),
  allowed: z.number(),
  passed: z.boolean(),
});
export const GoldenResult = z.strictObject({
  model: z.string(),
  variant: z.string(),
  provider: z.string(),
  at: z.string(),
  passed: z.number().int(),
  total: z.number().int(),
  cases: z.array(GoldenCaseResult),
});
export type GoldenResult = z.infer<typeof GoldenResult>;

/** `golden-failed` when a sample gave a wrong result, else null. */
export function goldenFault(
  model: string,
  { passed, total }: Pick<GoldenResult, 'passed' | 'total'>,
): Fault | null {
  return passed < total ? fault('golden-failed', { model, failed: total - passed, total }) : null;
}

export const ModelDetail = z.strictObject({
  model: ModelSummary,
  /** Markdown from the publisher; must not be rendered as HTML. */
  card: z.string(),
  files: z.array(z.strictObject({ path: z.string(), size: z.number(), sha256: z.string() })),
  inputs: z.array(TensorSpec),
  outputs: z.array(TensorSpec),
  /** Preprocessing of photos; empty for a model of raw tensors. */
  preprocessing: z.array(PreprocessingStep),
  /** False when it has no golden samples to run. */
  hasGolden: z.boolean(),
  golden: GoldenResult.nullable(),
  /** Label names in order, for searching. */
  labelNames: z.array(z.string()).optional(),
  /** What its answers call them, in the same order. */
  labelIds: z.array(z.string()).optional(),
  /** Of a model that is made of others: what it may call the things that are found, beside those labels. */
  nameLabels: z.array(z.strictObject({ id: z.string(), name: z.string() })).optional(),
});
export type ModelDetail = z.infer<typeof ModelDetail>;

export const VerifyReport = z.strictObject({
  model: z.string(),
  at: z.string(),
  files: z.array(z.strictObject({ path: z.string(), fault: Fault.nullable() })),
  passed: z.boolean(),
  durationMs: z.number(),
});
export type VerifyReport = z.infer<typeof VerifyReport>;

/** Score below which the first label of a model's answer counts as unsure, where its pack says nothing. */
const usualUnsure = 0.5;
export const unsureBelowOf = (model: Pick<ModelSummary, 'thresholds'> | null): number =>
  model?.thresholds?.unsure ?? usualUnsure;
