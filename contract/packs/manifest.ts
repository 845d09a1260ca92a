import { z } from 'zod';
import { PackId, Provider, VariantName, Version } from '../ids.ts';
import { PackPart } from './pack-parts.ts';
import { PackPath } from './pack-path.ts';
import { PreprocessingStep } from './picture-steps.ts';
import { GoldenCase, PostprocessingStep, TaskId } from '../tasks/index.ts';
import { TensorSpec } from '../tensors/tensor.ts';

/** The page of the manifest's JSON schema describes it apart (tools/packs/write-schema.mjs). */
export { PackPath };

export const PackFile = z.strictObject({
  path: PackPath,
  size: z
    .number()
    .int()
    .min(0)
    .max(8 * 1024 ** 3),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});
export type PackFile = z.infer<typeof PackFile>;

/** One way to store the same weights. `note` says what a person gives up by choosing it. */
export const Variant = z.strictObject({
  name: VariantName,
  /** Absent where the pack is made of others: then each of them runs in its variant of this name, or else in its first. */
  file: PackPath.optional(),
  providers: z.array(Provider).min(1),
  note: z.string().optional(),
});
export type Variant = z.infer<typeof Variant>;

/** The contract of a pack: `manifest.json`, whose SHA-256 is the pack's digest. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  id: PackId,
  version: Version,
  title: z.string().min(1).max(80),
  /** One line: what it does, in a person's words. */
  summary: z.string().min(1).max(200),
  task: TaskId,
  /** SPDX identifier. */
  licence: z.string().min(1),
  minimumAppVersion: Version,
  /** Absent where the pack is made of others. */
  opset: z.number().int().min(1).optional(),
  files: z.array(PackFile).min(1).max(10_000),
  /** The first one is what `auto` means. */
  variants: z.array(Variant).min(1),
  /** None where the graph makes its outputs of constants or random numbers alone. */
  inputs: z.array(TensorSpec),
  /** None where the pack is made of others: it has no tensors of its own. */
  outputs: z.array(TensorSpec),
  /** Other packs that this one is made of, one for each role that its task has. */
  parts: z.array(PackPart).min(1).max(8).optional(),
  preprocessing: z.array(PreprocessingStep).default([]),
  postprocessing: z.array(PostprocessingStep).default([]),
  /**
   * Rows (first dimension) are independent of each other: those of different requests may run together. False: never.
   * Absent: only where a proof on the machine that answers showed it.
   */
  batch: z.boolean().optional(),
  /** How it is served, where that was said beside the model: by Triton's `config.pbtxt`, or the name of its version's folder. */
  serving: z
    .strictObject({
      /** What clients call this model, in place of the id: a bare model's folder, letter for letter. */
      name: z.string().min(1).max(255).optional(),
      /** What clients call this version, in place of the semantic version. */
      version: z
        .string()
        .regex(/^\d{1,15}$/u)
        .optional(),
      /** Most rows of one request, and of one batch; a request with more is refused. */
      maxBatch: z.number().int().min(1).max(1_000_000_000).optional(),
      /** Longest that a batch which is not full waits for company, in microseconds. */
      delayMicros: z.number().int().min(0).max(1_000_000_000).optional(),
      /** Worker processes. */
      workers: z.number().int().min(1).max(64).optional(),
    })
    .optional(),
  /** Output that holds a feature vector, one row per item. */
  embedding: z.string().optional(),
  labels: PackPath.optional(),
  /** Scores from 0 to 1: below `unsure` the first label is shown as unsure; `shown` is where the slider starts. */
  thresholds: z
    .strictObject({ unsure: z.number().min(0).max(1), shown: z.number().min(0).max(1) })
    .optional(),
  card: PackPath.optional(),
  /** A `GoldenSet`. */
  golden: PackPath.optional(),
  /** Inputs for a first try, best first. */
  samples: z.array(z.strictObject({ file: PackPath, title: z.string() })).default([]),
  evaluation: z.record(z.string(), z.unknown()).optional(),
  provenance: z
    .strictObject({ source: z.string(), made: z.string().optional(), citation: z.string().optional() })
    .optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** Inputs with the answers that the maker got, and how far this machine's may be from them. */
export const GoldenSet = z.strictObject({ cases: z.array(GoldenCase) });
export type GoldenSet = z.infer<typeof GoldenSet>;
