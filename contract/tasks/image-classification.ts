import { z } from 'zod';
import { Embedding } from '../packs/embedding.ts';
import { VariantName } from '../ids.ts';
import { LabelScore } from '../packs/labels.ts';
import { pictureSettings } from '../packs/picture-steps.ts';
import { reason, reasonAt, type Reason } from '../faults/reasons.ts';
import {
  findSeveralScored,
  isScoreType,
  namedScores,
  scoredOutput,
  valuesPerItem,
  type OutputStep,
} from '../packs/scored-output.ts';
import { takesRows } from '../packs/input-rows.ts';
import { firstColumns } from './columns.ts';
import { findMissingSteps, goldenPhoto } from './photo-steps.ts';
import type { Comparison, ItemTask, TaskManifest } from './task.ts';

const id = 'image-classification';

/** Highest score first. `width` and `height` are pixels after orientation, `seen` the square the model saw. */
export const ClassificationResult = z.strictObject({
  task: z.literal(id),
  predictions: z.array(LabelScore),
  /** How many labels the model knows. */
  labelCount: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  seen: z.strictObject({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  /** Each label is scored by itself, from 0 to 1: several may hold, or none; from `threshold`, the pack's, on one counts. */
  independent: z.strictObject({ threshold: z.number() }).optional(),
  embedding: Embedding.optional(),
});
export type ClassificationResult = z.infer<typeof ClassificationResult>;

/** What records show of it; of independent labels those from the threshold on. */
const Printed = z.strictObject({
  task: z.literal(id),
  predictions: z.array(LabelScore),
  independent: z.literal(true).optional(),
});
type Printed = z.infer<typeof Printed>;

/** How many of the highest scores are kept with each answer, so that a longer list or another threshold needs no new run. */
export const storedScores = 20;
/** How many labels a photo gets over protocols of tensors when nothing is said. */
const usualEntries = 5;

/** Score from which on an independent label counts, where the pack says none. */
export const usualThreshold = 0.5;

const classificationSteps = [
  z.strictObject({ op: z.literal('softmax'), output: z.string() }),
  /** Logits of labels that are scored each by itself. */
  z.strictObject({ op: z.literal('sigmoid'), output: z.string() }),
  /**
   * `output`: the one that the scores are read from; needed where a graph has several that could hold them. `independent`:
   * each score is from 0 to 1 by itself, as the graph gives it; behind `sigmoid` that needs no saying.
   */
  z.strictObject({
    op: z.literal('top-k'),
    k: z.number().int().min(1).max(1000),
    output: z.string().optional(),
    independent: z.literal(true).optional(),
  }),
] as const;

/** Whether these steps give scores of which each is by itself: several labels may hold at once. */
export const areIndependent = (steps: readonly OutputStep[]): boolean =>
  steps.some(({ op, independent }) => op === 'sigmoid' || independent === true);

/** Expected probabilities of a variant; the largest difference over these labels is the case's distance. */
const Expected = z.strictObject({
  variant: VariantName,
  toleranceAbs: z.number(),
  sameTop1: z.boolean(),
  top: z.array(z.strictObject({ index: z.number().int(), score: z.number() })),
});
type Expected = z.infer<typeof Expected>;

/** One photo, ranked labels: which of a thousand names fits the whole of it, or which of them hold at once. */
export const imageClassification = {
  id,
  input: 'picture',
  summary: 'labels for a whole photo',
  Result: ClassificationResult,
  Printed,
  steps: classificationSteps,
  GoldenCase: goldenPhoto('picture', Expected),
  findContradictions: (manifest) => [...findUnscored(manifest), ...findMissingSteps(id, manifest)],
  labelled: (manifest, outputs) => {
    const scored = scoredOutput(manifest)?.name;
    const count = valuesPerItem(
      outputs.find(({ name }) => name === scored)?.shape ?? null,
      takesRows(manifest.preprocessing),
    );
    return scored !== undefined && typeof count === 'number' ? { output: scored, count } : null;
  },
  settingsText: ({ preprocessing }, { decode }) => pictureSettings(preprocessing, decode === 'fast'),
  // A vector that is kept with every answer costs nothing now, and another run later.
  widen: ({ top = 0 }) => ({ top: Math.max(storedScores, top), embedding: true }),
  trim: ({ embedding: stored, ...rest }, { top, embedding }) => {
    const predictions = top === undefined ? rest.predictions : rest.predictions.slice(0, top);
    return embedding && stored ? { ...rest, predictions, embedding: stored } : { ...rest, predictions };
  },
  suffices: ({ predictions, labelCount, embedding: stored }, { top, embedding }) =>
    predictions.length >= Math.min(top ?? 0, labelCount) && (!embedding || stored !== undefined),
  headline: ({ predictions: [first], independent }) =>
    first && first.score >= (independent?.threshold ?? -Infinity) ? { ...first, count: 1 } : null,
  ranked: ({ predictions }) => predictions,
  print: ({ predictions, independent }, { top, threshold = independent?.threshold ?? -Infinity }) => ({
    task: id,
    predictions: predictions
      .filter(({ score }) => score >= threshold)
      .slice(0, top ?? (independent ? undefined : usualEntries))
      .map(({ index, id: labelId, label, score }) => ({ index, id: labelId, label, score })),
    ...(independent && { independent: true }),
  }),
  distance: compare,
  columns: firstColumns,
  rows: ({ predictions }) => predictions.map((prediction, at) => ({ rank: at + 1, ...prediction })),
  lines: ({ predictions }) =>
    predictions.length === 0
      ? [{ kind: 'note', text: 'no label above the threshold' }]
      : predictions.map(({ label, score }) => ({ kind: 'share', label, score })),
  outputs: [
    { name: 'label', type: 'string', shape: [-1, -1] },
    { name: 'score', type: 'float32', shape: [-1, -1] },
    { name: 'index', type: 'int64', shape: [-1, -1] },
  ],
  entries: (asked, labelCount) => {
    const entries = asked ?? Math.min(usualEntries, labelCount);
    return entries > labelCount ? `the model has ${labelCount} labels` : entries;
  },
  tensors: (results, top) => {
    const width = Math.min(top, ...results.map(({ predictions }) => predictions.length));
    const dims = [results.length, width];
    const all = results.flatMap(({ predictions }) => predictions.slice(0, width));
    return [
      { name: 'label', type: 'string', dims, values: all.map(({ label }) => label) },
      { name: 'score', type: 'float32', dims, values: all.map(({ score }) => score) },
      { name: 'index', type: 'int64', dims, values: all.map(({ index }) => index) },
    ];
  },
} as const satisfies ItemTask<ClassificationResult, Printed, Expected>;

function compare(
  { top, sameTop1, toleranceAbs }: Expected,
  { predictions }: ClassificationResult,
): Comparison {
  const scores = new Map(predictions.map(({ index, score }) => [index, score]));
  const distance = Math.max(
    0,
    ...top.map(({ index, score }) => Math.abs((scores.get(index) ?? Infinity) - score)),
  );
  const isSameFirst = !sameTop1 || predictions[0]?.index === top[0]?.index;
  return { distance, allowed: toleranceAbs, isRight: isSameFirst && distance <= toleranceAbs };
}

/** Which output holds the scores must be certain: another one read in its place gives answers that look right. */
function findUnscored(manifest: TaskManifest): readonly Reason[] {
  const { outputs, postprocessing } = manifest;
  const several = findSeveralScored(postprocessing);
  if (several.length > 0) return several;
  const named = namedScores(postprocessing);
  // A name that leads nowhere is reported where it stands.
  if (named !== null && !outputs.some(({ name }) => name === named)) return [];
  const scored = scoredOutput(manifest);
  const all = outputs.map(({ name, type }) => `${name} (${type})`).join(', ');
  if (scored === null) return [reasonAt('postprocessing', reason('scores-could-be-any', { names: all }))];
  return isScoreType(scored.type)
    ? []
    : [reasonAt('postprocessing', reason('scores-of-type', { name: scored.name, type: scored.type }))];
}
