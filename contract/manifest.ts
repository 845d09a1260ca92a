import { z } from 'zod';
import { LetterboxStep } from './detection-steps.ts';
import { PackId, Provider, VariantName, Version } from './ids.ts';
import { TensorSpec } from './tensor.ts';

export const tasks = ['image-classification', 'tensor'] as const;
export const Task = z.enum(tasks);
export type Task = z.infer<typeof Task>;

/** A file's place inside a pack: forward slashes, relative, no `.` or `..` step, no drive, no control character. */
export const PackPath = z
  .string()
  .min(1)
  .max(240)
  .refine(
    (path) =>
      !/^[/\\]|^[A-Za-z]:|[\\\u0000-\u001f]/u.test(path) &&
      !path.split('/').some((step) => step === '' || step === '.' || step === '..'),
    {
      message: 'lies outside the pack',
    },
  );

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
  file: PackPath,
  providers: z.array(Provider).min(1),
  note: z.string().optional(),
});
export type Variant = z.infer<typeof Variant>;

/** Steps that turn a picture into the input tensor, applied in this order. */
export const PreprocessingStep = z.discriminatedUnion('op', [
  /** First frame; EXIF orientation applied; embedded profile and CMYK to sRGB; 16 bits / 257; grey to R = G = B; alpha over `background`. */
  z.strictObject({ op: z.literal('decode'), background: z.tuple([z.number(), z.number(), z.number()]) }),
  /** side = floor(fraction × min(w, h)); left = floor((w - side + 1) / 2), top likewise. */
  z.strictObject({ op: z.literal('crop-centre'), fraction: z.number().gt(0).max(1) }),
  /** Antialiased; cubic is Catmull-Rom (a = -0.5). Result is rounded to 8 bits. */
  z.strictObject({
    op: z.literal('resize'),
    width: z.number().int().min(1).max(4096),
    height: z.number().int().min(1).max(4096),
    kernel: z.enum(['cubic', 'linear', 'lanczos3', 'nearest']),
  }),
  LetterboxStep,
  /** x = (value - mean) / std for each channel, value in 0..255. */
  z.strictObject({
    op: z.literal('normalize'),
    mean: z.tuple([z.number(), z.number(), z.number()]),
    std: z.tuple([z.number(), z.number(), z.number()]),
  }),
  z.strictObject({
    op: z.literal('layout'),
    input: z.string(),
    order: z.enum(['NCHW', 'NHWC']),
    channels: z.enum(['RGB', 'BGR']),
  }),
]);
export type PreprocessingStep = z.infer<typeof PreprocessingStep>;

export const PostprocessingStep = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('softmax'), output: z.string() }),
  /** `output`: the one that the scores are read from; needed where a graph has several that could hold them. */
  z.strictObject({
    op: z.literal('top-k'),
    k: z.number().int().min(1).max(1000),
    output: z.string().optional(),
  }),
]);
export type PostprocessingStep = z.infer<typeof PostprocessingStep>;

/** The contract of a pack: `manifest.json`, whose SHA-256 is the pack's digest. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  id: PackId,
  version: Version,
  title: z.string().min(1).max(80),
  /** One line: what it does, in a person's words. */
  summary: z.string().min(1).max(200),
  task: Task,
  /** SPDX identifier. */
  licence: z.string().min(1),
  minimumAppVersion: Version,
  opset: z.number().int().min(1),
  files: z.array(PackFile).min(1).max(10_000),
  /** The first one is what `auto` means. */
  variants: z.array(Variant).min(1),
  /** None where the graph makes its outputs of constants or random numbers alone. */
  inputs: z.array(TensorSpec),
  outputs: z.array(TensorSpec).min(1),
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

/** `labels.json`: entry i describes output index i. */
export const Labels = z.array(
  z.strictObject({
    index: z.number().int().min(0),
    id: z.string(),
    name: z.string(),
    group: z.string().optional(),
  }),
);
export type Labels = z.infer<typeof Labels>;

/** Inputs with the answers that the maker got, and how far this machine's may be from them. */
export const GoldenSet = z.strictObject({
  cases: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('tensors'),
        name: z.string(),
        /** Raw little-endian files inside the pack. */
        inputs: z.array(
          z.strictObject({
            name: z.string(),
            type: TensorSpec.shape.type,
            dims: z.array(z.number().int().min(0)),
            file: PackPath,
          }),
        ),
        outputs: z.array(
          z.strictObject({
            name: z.string(),
            type: TensorSpec.shape.type,
            dims: z.array(z.number().int().min(0)),
            file: PackPath,
            toleranceAbs: z.number().min(0),
          }),
        ),
        variants: z.array(VariantName),
      }),
      z.strictObject({
        kind: z.literal('picture'),
        name: z.string(),
        file: PackPath,
        /** Expected probabilities per variant; the largest difference over these labels is the case's distance. */
        expected: z.array(
          z.strictObject({
            variant: VariantName,
            toleranceAbs: z.number(),
            sameTop1: z.boolean(),
            top: z.array(z.strictObject({ index: z.number().int(), score: z.number() })),
          }),
        ),
      }),
    ]),
  ),
});
export type GoldenSet = z.infer<typeof GoldenSet>;
