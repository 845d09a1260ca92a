import { z } from 'zod';
import { overlapOf, type Box } from '../boxes.ts';
import { pluralOf } from '../english-plural.ts';

/** A thing that was found, with its box [left, top, right, bottom] in pixels of the photo as a person sees it. */
export const Detection = z.strictObject({
  index: z.number().int().min(0),
  label: z.string(),
  score: z.number(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});
export type Detection = z.infer<typeof Detection>;

/** Answer of `object-detection`: best first, down to the manifest's lowest score. Sizes in pixels after orientation. */
export const DetectionResult = z.strictObject({
  task: z.literal('object-detection'),
  width: z.number().int(),
  height: z.number().int(),
  detections: z.array(Detection),
});
export type DetectionResult = z.infer<typeof DetectionResult>;

export type LabelCount = { readonly label: string; readonly count: number };

/** Those that score at least `threshold`, in their order. */
export const detectionsFrom = (result: DetectionResult, threshold: number): readonly Detection[] =>
  result.detections.filter(({ score }) => score >= threshold);

/** How many there are of each label, the label of the best one first. */
export function countLabels(detections: readonly Detection[]): readonly LabelCount[] {
  const counts = new Map<string, number>();
  for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label, count }));
}

/** In English: `2 animals, 1 person`, or `empty`. */
export function countsText(counts: readonly LabelCount[]): string {
  if (counts.length === 0) return 'empty';
  return counts.map(({ label, count }) => `${count} ${count === 1 ? label : pluralOf(label)}`).join(', ');
}

/** What a golden sample expects of a photo, and how exactly. */
export const ExpectedDetections = z.strictObject({
  detections: z.array(Detection.pick({ index: true, score: true, box: true })),
  /** The expected ones score at least this. */
  threshold: z.number().min(0).max(1),
  /** Boxes that score less than `threshold + near` may be there or not: a kernel or a provider moves them over the line. */
  near: z.number().min(0).max(1),
  /** Intersection over union that makes two boxes of one label the same. */
  overlap: z.number().gt(0).max(1),
});
export type ExpectedDetections = z.infer<typeof ExpectedDetections>;

/** How far an answer is from what is expected: the largest difference of a score, or 1 where a box has no partner. */
export function detectionDistance(expected: ExpectedDetections, { detections }: DetectionResult): number {
  const firm = expected.threshold + expected.near;
  const left = [...detections];
  let distance = 0;
  for (const wanted of expected.detections) {
    const at = partnerOf(wanted, left, expected.overlap);
    if (at === null && wanted.score >= firm) return 1;
    if (at === null) continue;
    const [found] = left.splice(at, 1);
    distance = Math.max(distance, Math.abs(found!.score - wanted.score));
  }
  return left.some(({ score }) => score >= firm) ? 1 : distance;
}

/** Where the one lies that shares most with this one, among those of its label that share enough. */
function partnerOf(
  { index, box }: { readonly index: number; readonly box: Box },
  among: readonly Detection[],
  overlap: number,
): number | null {
  let [most, best]: [number, number | null] = [overlap, null];
  among.forEach((other, at) => {
    const { union } = other.index === index ? overlapOf(box, other.box) : { union: -1 };
    if (union >= most && (best === null || union > most)) [most, best] = [union, at];
  });
  return best;
}
