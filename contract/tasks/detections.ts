import { z } from 'zod';
import { overlapOf } from '../pictures/boxes.ts';
import { pluralOf } from '../faults/english-plural.ts';
import { VariantName } from '../ids.ts';
import type { Comparison, TensorValues } from './task.ts';

/** A thing that was found, with its box [left, top, right, bottom] in pixels of the photo as a person sees it. */
export const Detection = z.strictObject({
  index: z.number().int().min(0),
  label: z.string(),
  score: z.number(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});
export type Detection = z.infer<typeof Detection>;

/** Boxes of a photo, best first, and the score from which on one counts. */
type Found = {
  readonly width: number;
  readonly height: number;
  readonly threshold: number;
  readonly detections: readonly Detection[];
};

export const countedOf = ({
  detections,
  threshold,
}: Pick<Found, 'detections' | 'threshold'>): readonly Detection[] =>
  detections.filter(({ score }) => score >= threshold);

/** A label with how many boxes it has, and the score of its best one. */
export type LabelCount = { readonly label: string; readonly count: number; readonly score: number };

/** How many there are of each label, the label of the best one first. */
export function countLabels(detections: readonly Detection[]): readonly LabelCount[] {
  const counts = new Map<string, LabelCount>();
  for (const { label, score } of detections) {
    const known = counts.get(label);
    counts.set(label, known ? { ...known, count: known.count + 1 } : { label, count: 1, score });
  }
  return [...counts.values()];
}

/** In English: `2 animals`. */
export const countText = ({ label, count }: Pick<LabelCount, 'label' | 'count'>): string =>
  `${count} ${count === 1 ? label : pluralOf(label)}`;

/** What a golden sample expects of a photo for one variant, and how exactly. */
export const ExpectedDetections = z.strictObject({
  variant: VariantName,
  /** Largest difference of a score. */
  toleranceAbs: z.number(),
  /** With a name, the partner must bear it: labels that changed places in their file have the same numbers. */
  detections: z.array(Detection.extend({ label: z.string().optional() })),
  /** The expected ones score at least this. */
  threshold: z.number().min(0).max(1),
  /** Boxes that score less than `threshold + near` may be there or not: a kernel or a provider moves them over the line. */
  near: z.number().min(0).max(1),
  /** Intersection over union that makes two boxes of one label the same. */
  overlap: z.number().gt(0).max(1),
});
export type ExpectedDetections = z.infer<typeof ExpectedDetections>;

/** The distance is the largest difference of a score, or 1 where a box has no partner. */
export function compareDetections(
  expected: ExpectedDetections,
  { detections }: Pick<Found, 'detections'>,
): Comparison {
  const { toleranceAbs: allowed, overlap } = expected;
  const firm = expected.threshold + expected.near;
  const left = [...detections];
  let distance = 0;
  for (const wanted of expected.detections) {
    const at = partnerOf(wanted, left, overlap);
    if (at !== null) distance = Math.max(distance, Math.abs(left.splice(at, 1)[0]!.score - wanted.score));
    else if (wanted.score >= firm) return { distance: 1, allowed, isRight: false };
  }
  if (left.some(({ score }) => score >= firm)) return { distance: 1, allowed, isRight: false };
  return { distance, allowed, isRight: distance <= allowed };
}

/** Where the one lies that shares most with this one, among those of its label that share enough. */
function partnerOf(
  { index, label, box }: Pick<Detection, 'index' | 'box'> & { readonly label?: string | undefined },
  among: readonly Detection[],
  overlap: number,
): number | null {
  let [most, best]: [number, number | null] = [overlap, null];
  among.forEach((other, at) => {
    const isAlike = other.index === index && (label === undefined || other.label === label);
    const { union } = isAlike ? overlapOf(box, other.box) : { union: -1 };
    if (union >= most && (best === null || union > most)) [most, best] = [union, at];
  });
  return best;
}

/** A box that fills up the row of a photo with fewer than others. */
const none: Detection = { index: -1, label: '', score: 0, box: [0, 0, 0, 0] };

/** The same number of boxes for each photo: as many as the photo with the most has, `top` at most. */
function padded(results: readonly Found[], top: number) {
  const each = results.map((result) => countedOf(result).slice(0, top));
  const width = Math.max(0, ...each.map(({ length }) => length));
  return {
    dims: [results.length, width],
    counts: each.map(({ length }) => length),
    all: each.flatMap((some, at) =>
      Array.from({ length: width }, (_, box) => ({ ...(some[box] ?? none), photo: results[at]! })),
    ),
  };
}

/** `boxes` [N,k,4] in pixels of the photo, `scores` [N,k], `labels` [N,k] and `count` [N], how many of the k are boxes. */
export function boxTensors(results: readonly Found[], top: number): readonly TensorValues[] {
  const { dims, counts, all } = padded(results, top);
  return [
    { name: 'boxes', type: 'float32', dims: [...dims, 4], values: all.flatMap(({ box }) => [...box]) },
    { name: 'scores', type: 'float32', dims, values: all.map(({ score }) => score) },
    { name: 'labels', type: 'string', dims, values: all.map(({ label }) => label) },
    { name: 'count', type: 'int64', dims: [results.length], values: counts },
  ];
}

/** As TensorFlow's object detection gives them: top, left, bottom, right as shares of the photo, classes from 1 on. */
export function tensorFlowTensors(results: readonly Found[], top: number): readonly TensorValues[] {
  const { dims, counts, all } = padded(results, top);
  const boxes = all.flatMap(({ box: [left, up, right, down], photo: { width, height } }) => [
    up / height,
    left / width,
    down / height,
    right / width,
  ]);
  return [
    { name: 'detection_boxes', type: 'float32', dims: [...dims, 4], values: boxes },
    { name: 'detection_scores', type: 'float32', dims, values: all.map(({ score }) => score) },
    { name: 'detection_classes', type: 'float32', dims, values: all.map(({ index }) => index + 1) },
    { name: 'num_detections', type: 'float32', dims: [results.length], values: counts },
  ];
}
