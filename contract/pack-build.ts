import { z } from 'zod';
import { Fault } from './faults.ts';
import { FileRef, Provider, VariantName } from './ids.ts';
import { LetterboxStep } from './detection-steps.ts';
import { pictureTypes } from './picture-input.ts';
import { inputOrders, PreprocessingStep } from './picture-steps.ts';
import { Reason } from './reasons.ts';
import { TaskId } from './tasks/index.ts';

/** What a pack needs that a model file may not say, in the order in which it is asked: on the terminal and in the window. */
export const packQuestions = [
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
/** Files that may go into a pack beside the model and its labels; each by its option on the command line. */
export const packFiles = ['card', 'evaluation', 'licence-file'] as const;
export type PackFileField = (typeof packFiles)[number];
/** What a fault of a build can be about: a question, or one of the things that are never asked and may be given. */
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
 * What the values of an output are. `independent`: each from 0 to 1 by itself, as where several labels may hold at once;
 * `independent-logits`: the same before a sigmoid.
 */
export const scoreKinds = ['logits', 'probabilities', 'independent', 'independent-logits'] as const;
export const ScoreKind = z.enum(scoreKinds);
export type ScoreKind = z.infer<typeof ScoreKind>;

const three = z.tuple([z.number(), z.number(), z.number()]);
/** How a photo becomes the input of a model, without the size, which the model itself may fix. */
export const PhotoSteps = z.strictObject({
  /** Share of the shorter side that is cut out of the middle; null squeezes the whole photo. */
  crop: z.number().gt(0).max(1).nullable(),
  kernel: z.enum(['cubic', 'linear', 'lanczos3', 'nearest']),
  /** On values of 0 to 255, red first. */
  mean: three,
  std: three.refine((values) => values.every((value) => value !== 0), { message: 'must not be 0' }),
  channels: z.enum(['RGB', 'BGR']),
  /** The whole photo with its sides in proportion, the rest of the input filled. Absent: cut or squeezed. */
  letterbox: LetterboxStep.pick({ colour: true, at: true }).optional(),
});
export type PhotoSteps = z.infer<typeof PhotoSteps>;

const answer = z.string().max(2_000).optional();
/** A form as it stands: any part of it may be missing or wrong. */
export const PackForm = z.strictObject({
  /** Labels are given apart, since they come from a file or as text. */
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
  /** In place of what the preset says. */
  photo: PhotoSteps.nullable(),
  /** A JSON file of steps, in place of a preset. */
  steps: FileRef.nullable(),
  /** Null: as the last operator and the values show. */
  scores: ScoreKind.nullable(),
  /** Output that is a feature vector. */
  embedding: z.string().max(1_000).nullable(),
  /** Outputs that are lists or maps give way to the tensors that they are made of. */
  cutTails: z.boolean(),
  /** Which variant the model file is. */
  as: VariantName,
  variants: z.array(z.strictObject({ name: VariantName, ref: FileRef })).max(8),
  /** What else than the CPU may run it. */
  providers: z.array(Provider).max(8),
  /** Where it comes from; empty: as the model file says. */
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
  /** ONNX's name of the element type; null for what is no tensor. */
  type: z.string().nullable(),
  shape: z.array(z.union([z.number(), z.string()]).nullable()).nullable(),
});

/** A model file and a form, judged by the same rules as `outpost pack build`; nothing is run. */
export const PackLook = z.strictObject({
  name: z.string(),
  /** Bytes, without the files beside it that hold its weights. */
  size: z.number(),
  writtenBy: z.string(),
  inputs: z.array(GraphValue),
  outputs: z.array(GraphValue),
  /** Names of outputs that are lists or maps and that the model can be cut before. */
  tails: z.array(z.string()),
  /** Names of files beside it that its tensors lie in. */
  beside: z.array(z.string()),
  /** Answered, or said by the file; null while it is open. */
  task: TaskId.nullable(),
  /** What the file itself says. */
  stated: z.strictObject({
    task: TaskId.nullable(),
    licence: z.string().nullable(),
    preprocess: z.string().nullable(),
    labels: z.number().int().nullable(),
  }),
  /** Every question that this model raises, answered or not, in order. */
  questions: z.array(
    z.strictObject({
      question: PackQuestion,
      /** A guess, and no answer. */
      suggestion: z.string().nullable(),
      choices: z.array(z.strictObject({ value: z.string(), meaning: z.string() })).nullable(),
      state: z.enum(['missing', 'wrong', 'answered']),
    }),
  ),
  /** `first`: the first names. */
  labels: z.strictObject({ count: z.number().int(), first: z.array(z.string()) }).nullable(),
  /** What the model takes as a photo; null sides are free. */
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
  /** The whole preparation; null until all of it is known. */
  steps: z.array(PreprocessingStep).nullable(),
  scored: z.strictObject({ output: z.string(), kind: ScoreKind.nullable() }).nullable(),
  /** What was chosen for the person. */
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
  /** Part of the photo that is used, in its pixels. */
  seen: z.strictObject({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  /** Values of the tensor, one row for each channel in its order. */
  channels: z.array(z.strictObject({ min: z.number(), max: z.number(), mean: z.number() })),
  /** RGB, 8 bits, row by row, before the values are scaled. */
  pixels: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type PreparedPhoto = z.infer<typeof PreparedPhoto>;

/** The field that a fault of a build is about, as whoever found it noted. */
export function fieldOf({ params }: Fault): PackField | null {
  const field = PackField.safeParse(params['field']);
  return field.success ? field.data : null;
}
