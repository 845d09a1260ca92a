import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { FileRef, Provider, VariantName } from '../ids.ts';
import { LetterboxStep } from './detection-steps.ts';
import { pictureTypes } from './picture-input.ts';
import { inputOrders, PreprocessingStep } from './picture-steps.ts';
import { Reason } from '../faults/reasons.ts';
import { TaskId } from '../tasks/index.ts';

/** What a pack needs beyond the model file, in the order of asking, on the terminal and in the window. */
const packQuestions = [
  'task',
  'id',
  'version',
  'title',
  'summary',
  'licence',
  'labels',
  'preprocess',
  'size',
  'form',
  'output',
] as const;
export const PackQuestion = z.enum(packQuestions);
export type PackQuestion = z.infer<typeof PackQuestion>;
/** Optional files of a pack besides model and labels, each with its own command line option. */
export const packFiles = ['card', 'evaluation', 'licence-file'] as const;
export type PackFileField = (typeof packFiles)[number];
/** What a fault of a build can refer to: a question, or an optional field. */
export const PackField = z.enum([
  ...packQuestions,
  'scores',
  'golden',
  'embedding',
  'cut-tails',
  'variant',
  'provider',
  'source',
  ...packFiles,
]);
export type PackField = z.infer<typeof PackField>;

/**
 * Kind of an output's values. `independent`: each from 0 to 1 by itself, for labels that may hold together;
 * `independent-logits`: the same before a sigmoid.
 */
export const scoreKinds = ['logits', 'probabilities', 'independent', 'independent-logits'] as const;
export const ScoreKind = z.enum(scoreKinds);
export type ScoreKind = z.infer<typeof ScoreKind>;

const three = z.tuple([z.number(), z.number(), z.number()]);
/** Photo preprocessing without the input size, which the model may fix. */
export const PhotoSteps = z.strictObject({
  /** Centre crop as a share of the shorter side; null resizes the whole photo, ignoring its aspect ratio. */
  crop: z.number().gt(0).max(1).nullable(),
  kernel: z.enum(['cubic', 'linear', 'lanczos3', 'nearest']),
  /** For values of 0 to 255, in RGB order. */
  mean: three,
  std: three.refine((values) => values.every((value) => value !== 0), { message: 'must not be 0' }),
  channels: z.enum(['RGB', 'BGR']),
  /** Keeps the whole photo with its aspect ratio and pads the rest. Absent: crop or plain resize. */
  letterbox: LetterboxStep.pick({ colour: true, at: true }).optional(),
});
export type PhotoSteps = z.infer<typeof PhotoSteps>;

const answer = z.string().max(2_000).optional();
/** A partially filled form: any part may be missing or invalid. */
export const PackForm = z.strictObject({
  /** Labels are separate, since they come from a file or as text. */
  answers: z.strictObject({
    task: answer,
    id: answer,
    version: answer,
    title: answer,
    summary: answer,
    licence: answer,
    preprocess: answer,
    size: answer,
    form: answer,
    output: answer,
  }),
  labels: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('file'), ref: FileRef }),
      z.strictObject({ kind: z.literal('text'), text: z.string().max(4_000_000) }),
    ])
    .nullable(),
  /** Overrides the preset. */
  photo: PhotoSteps.nullable(),
  /** A JSON file of steps, instead of a preset. */
  steps: FileRef.nullable(),
  /** Null: detected by the last operator and the values. */
  scores: ScoreKind.nullable(),
  /** Output with a feature vector. */
  embedding: z.string().max(1_000).nullable(),
  /** Replace outputs that are lists or maps by the tensors they are made of. */
  cutTails: z.boolean(),
  /** The variant of the model file. */
  as: VariantName,
  variants: z.array(z.strictObject({ name: VariantName, ref: FileRef })).max(8),
  /** Providers besides the CPU that may run it. */
  providers: z.array(Provider).max(8),
  /** Origin of the model; empty: as stated in the model file. */
  source: z.string().max(2_000),
  files: z.strictObject({
    card: FileRef.optional(),
    evaluation: FileRef.optional(),
    'licence-file': FileRef.optional(),
  } satisfies Record<PackFileField, unknown>),
});
export type PackForm = z.infer<typeof PackForm>;

const GraphValue = z.strictObject({
  name: z.string(),
  /** ONNX's name of the element type; null for what is not a tensor. */
  type: z.string().nullable(),
  shape: z.array(z.union([z.number(), z.string()]).nullable()).nullable(),
});

/** A model file and a form, validated by the rules of `outpost pack build`; nothing is run. */
export const PackLook = z.strictObject({
  name: z.string(),
  /** Bytes, without external data files. */
  size: z.number(),
  writtenBy: z.string(),
  inputs: z.array(GraphValue),
  outputs: z.array(GraphValue),
  /** Names of outputs that are lists or maps and can be cut off. */
  tails: z.array(z.string()),
  /** Names of external data files. */
  beside: z.array(z.string()),
  /** Chosen by the user or shown by the file; null while it is open. */
  task: TaskId.nullable(),
  /** What the file itself states. */
  stated: z.strictObject({
    task: TaskId.nullable(),
    licence: z.string().nullable(),
    preprocess: z.string().nullable(),
    labels: z.number().int().nullable(),
  }),
  /** Every question that this model raises, in order, including answered ones. */
  questions: z.array(
    z.strictObject({
      question: PackQuestion,
      /** A suggestion does not count as an answer. */
      suggestion: z.string().nullable(),
      choices: z.array(z.strictObject({ value: z.string(), meaning: z.string() })).nullable(),
      state: z.enum(['missing', 'wrong', 'answered']),
    }),
  ),
  /** `first`: the first few names. */
  labels: z.strictObject({ count: z.number().int(), first: z.array(z.string()) }).nullable(),
  /** The picture input; null sides are free. */
  picture: z
    .strictObject({
      order: z.enum(inputOrders),
      /** ONNX's name of the element type. */
      type: z.enum(pictureTypes),
      channels: z.union([z.literal(1), z.literal(3)]),
      width: z.number().int().nullable(),
      height: z.number().int().nullable(),
    })
    .nullable(),
  presets: z.array(z.strictObject({ name: z.string(), title: z.string(), photo: PhotoSteps })),
  /** The complete preprocessing; null until all of it is known. */
  steps: z.array(PreprocessingStep).nullable(),
  scored: z.strictObject({ output: z.string(), kind: ScoreKind.nullable() }).nullable(),
  /** Notes on automatic choices. */
  notes: z.array(Reason),
  faults: z.array(z.strictObject({ field: PackField.nullable(), fault: Fault })),
});
export type PackLook = z.infer<typeof PackLook>;

/** A photo as the model gets it. */
export const PreparedPhoto = z.strictObject({
  width: z.number().int(),
  height: z.number().int(),
  sourceWidth: z.number().int(),
  sourceHeight: z.number().int(),
  /** The part of the photo that is used, in its pixels. */
  seen: z.strictObject({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  /** Statistics of the tensor's values, one row per channel in order. */
  channels: z.array(z.strictObject({ min: z.number(), max: z.number(), mean: z.number() })),
  /** 8-bit RGB, row by row, before values are scaled. */
  pixels: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type PreparedPhoto = z.infer<typeof PreparedPhoto>;

/** The field that a fault of a build refers to. */
export function fieldOf({ params }: Fault): PackField | null {
  const field = PackField.safeParse(params['field']);
  return field.success ? field.data : null;
}
