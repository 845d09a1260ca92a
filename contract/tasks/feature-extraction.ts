import { z } from 'zod';
import { Embedding, embeddingValues, similarityOf } from '../packs/embedding.ts';
import { VariantName } from '../ids.ts';
import { pictureSettings } from '../packs/picture-steps.ts';
import { reason, reasonAt, type Reason } from '../faults/reasons.ts';
import { isScoreType, valuesPerItem } from '../packs/scored-output.ts';
import { findMissingSteps, goldenPhoto } from './photo-steps.ts';
import type { ItemTask, TaskManifest } from './task.ts';

const id = 'feature-extraction';

const seen = z.strictObject({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
/** `width` and `height` are pixels after orientation, `seen` the part of the photo that the model saw. */
export const ExtractionResult = z.strictObject({
  task: z.literal(id),
  width: z.number().int(),
  height: z.number().int(),
  seen,
  /** Absent only while it lies beside the answer in the store. */
  embedding: Embedding.optional(),
});
export type ExtractionResult = z.infer<typeof ExtractionResult>;

/** What records show of it: the values, as many as the model gives. */
const Printed = z.strictObject({ task: z.literal(id), embedding: z.array(z.number()).readonly() });
type Printed = z.infer<typeof Printed>;

const Expected = z.strictObject({
  variant: VariantName,
  /** How far the cosine of the two vectors may be from 1. */
  toleranceAbs: z.number(),
  embedding: Embedding,
});
type Expected = z.infer<typeof Expected>;

/** Values of the vector that a person is shown. */
const mostShown = 8;

/** One photo, one vector: photos of the same things have vectors of nearly the same direction. */
export const featureExtraction = {
  id,
  input: 'picture',
  summary: 'a vector for a photo, by which photos are compared',
  embeds: true,
  Result: ExtractionResult,
  Printed,
  steps: [
    /** Divides the vector by its length. */
    z.strictObject({ op: z.literal('unit-length') }),
  ],
  GoldenCase: goldenPhoto('embedding', Expected),
  findContradictions: (manifest) => [...findMissingSteps(id, manifest), ...findNoVector(manifest)],
  labelled: () => null,
  settingsText: ({ preprocessing, postprocessing }, { decode }) =>
    `${pictureSettings(preprocessing, decode === 'fast')}${postprocessing.some(({ op }) => op === 'unit-length') ? ', unit length' : ''}`,
  widen: () => ({ embedding: true }),
  trim: (result) => result,
  suffices: ({ embedding }) => embedding !== undefined,
  headline: () => null,
  print: ({ embedding }) => ({ task: id, embedding: embedding ? embeddingValues(embedding) : [] }),
  distance: ({ embedding: wanted, toleranceAbs: allowed }, { embedding }) => {
    const distance = embedding ? Math.max(0, 1 - similarityOf(wanted, embedding)) : 1;
    return { distance, allowed, isRight: distance <= allowed };
  },
  columns: ['values', 'embedding'],
  rows: ({ embedding }) => [{ values: embedding.length, embedding: JSON.stringify(embedding) }],
  lines: ({ embedding }) => [
    {
      kind: 'values',
      name: 'embedding',
      form: `${embedding.length} values`,
      values: `${embedding.slice(0, mostShown).join(', ')}${embedding.length > mostShown ? ', …' : ''}`,
    },
  ],
  outputs: [{ name: 'embedding', type: 'float32', shape: [-1, -1] }],
  // A vector is given whole.
  entries: (asked) => asked ?? 1,
  tensors: (results) => {
    const rows = results.map(({ embedding }) => (embedding ? embeddingValues(embedding) : []));
    return [
      {
        name: 'embedding',
        type: 'float32',
        dims: [rows.length, rows[0]?.length ?? 0],
        values: rows.flat(),
      },
    ];
  },
} as const satisfies ItemTask<ExtractionResult, Printed, Expected>;

/** The manifest has to name the output, and that one has to have one row of numbers a photo. */
function findNoVector({ outputs, embedding }: TaskManifest): readonly Reason[] {
  if (embedding === undefined) return [reasonAt('embedding', reason('embedding-not-named', { task: id }))];
  const output = outputs.find(({ name }) => name === embedding);
  // A name that leads nowhere is reported where it stands.
  if (!output) return [];
  if (!isScoreType(output.type))
    return [reasonAt('embedding', reason('embedding-type', { name: embedding, type: output.type }))];
  return valuesPerItem(output.shape) === null
    ? [
        reasonAt(
          'embedding',
          reason('embedding-no-row', { name: embedding, shape: output.shape.join(' x ') }),
        ),
      ]
    : [];
}
