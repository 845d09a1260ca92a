import { z } from 'zod';
import { overlapOf, type Box } from '../pictures/boxes.ts';
import { mostListedBoxes } from '../runs/found.ts';
import { LabelScore } from '../packs/labels.ts';
import { reason, reasonAt } from '../faults/reasons.ts';
import {
  boxEntries,
  boxOutputs,
  countCells,
  countColumns,
  countLines,
  placeCells,
  placeColumns,
} from './detection-tables.ts';
import {
  boxTensors,
  compareDetections,
  countedOf,
  countLabels,
  Detection,
  ExpectedDetections,
} from './detections.ts';
import { goldenPhoto } from './photo-steps.ts';
import type { Comparison, ItemTask } from './task.ts';

const id = 'detect-classify';

/** How the boxes of the detector become names: which are cut out, how, and when a name counts. */
export const NameCropsStep = z.strictObject({
  op: z.literal('name-crops'),
  /** Labels of the detector whose boxes are named. Others keep their group. */
  groups: z.array(z.string().min(1)).min(1),
  /** The cut is a square whose side is this many times the longer side of the box, moved into the photo. */
  scale: z.number().min(1).max(4),
  /** Boxes that score less keep their group, however sure the classifier would be. */
  minScore: z.number().min(0).max(1),
  /** Most boxes of a photo that are named, best first. */
  most: z.number().int().min(1).max(100),
  /** A name that scores less is not given: the group stands for the box. */
  unsure: z.number().min(0).max(1),
  /** Labels of the classifier that can be names of such things, as ranges of indexes with both ends; absent: all. */
  names: z.array(z.tuple([z.number().int().min(0), z.number().int().min(0)])).optional(),
});
export type NameCropsStep = z.infer<typeof NameCropsStep>;

/** Whether a label of the classifier can be a name of what is cut out. */
export const canBeName = ({ names }: NameCropsStep, index: number): boolean =>
  names === undefined || names.some(([from, to]) => index >= from && index <= to);

/** As the detector found it (`label` is the group), with the classifier's best names; none where it was not asked. */
const NamedDetection = Detection.extend({ names: z.array(LabelScore) });
export type NamedDetection = z.infer<typeof NamedDetection>;

/**
 * Best first by the detector, down to its lowest score. From `threshold` on a box counts, from `unsure` on a name does; both
 * are stored, so that another threshold runs nothing again.
 */
export const DetectClassifyResult = z.strictObject({
  task: z.literal(id),
  width: z.number().int(),
  height: z.number().int(),
  threshold: z.number(),
  unsure: z.number(),
  detections: z.array(NamedDetection),
});
export type DetectClassifyResult = z.infer<typeof DetectClassifyResult>;

/** `label` and `score` are the name's where it is sure, else the group's; `name` is the best one either way. */
const PrintedDetection = Detection.extend({
  group: z.strictObject({ index: z.number().int(), label: z.string(), score: z.number() }),
  name: LabelScore.nullable(),
});
const Printed = z.strictObject({
  task: z.literal(id),
  width: z.number().int(),
  height: z.number().int(),
  detections: z.array(PrintedDetection),
});
type Printed = z.infer<typeof Printed>;

/** Boxes as of a detector, and for each that has to be named its name, with the largest difference of its score. */
const Expected = ExpectedDetections.extend({
  names: z.array(z.strictObject({ box: Detection.shape.box, index: z.number().int(), score: z.number() })),
  nameToleranceAbs: z.number(),
});
type Expected = z.infer<typeof Expected>;

/** The name where the classifier is sure of it, else the group: what the box is called. */
export function labelOf({ names: [name], index, label, score }: NamedDetection, unsure: number): LabelScore {
  return name && name.score >= unsure ? name : groupOf({ index, label, score });
}

/** A detector's labels have their names as ids. */
const groupOf = ({ index, label, score }: Omit<Detection, 'box'>): LabelScore => ({
  index,
  id: label,
  label,
  score,
});

/** Which boxes count, and their order, is the detector's; what each is called is written over its label and score. */
const calledOf = (result: DetectClassifyResult) =>
  result.detections
    .filter(({ score }) => score >= result.threshold)
    .map((each) => ({ ...each, ...labelOf(each, result.unsure) }));

/** Things on a photo with their places, and what each of them is called: a detector, then a classifier on what it found. */
export const detectClassify = {
  id,
  input: 'picture',
  summary: 'boxes around the things on a photo, each with its name',
  roles: { detector: 'object-detection', classifier: 'image-classification' },
  Result: DetectClassifyResult,
  Printed,
  steps: [NameCropsStep],
  GoldenCase: goldenPhoto('named-boxes', Expected),
  findContradictions: ({ postprocessing }) =>
    postprocessing.some(({ op }) => op === 'name-crops')
      ? []
      : [reasonAt('postprocessing', reason('step-needed', { task: id, step: 'name-crops' }))],
  labelled: () => null,
  looksThoroughly: true,
  // Parts have steps of their own, which their digests stand for. The picture is always decoded exactly: crops need every pixel.
  settingsText: (_, { thorough }) => (thorough ? 'thorough' : ''),
  widen: (request) => request,
  trim: (result, { top }) => ({ ...result, detections: result.detections.slice(0, top) }),
  suffices: () => true,
  headline: (result) => {
    const called = calledOf(result);
    const [first] = called;
    if (!first) return null;
    const { index, id: labelId, label, score } = first;
    return { index, id: labelId, label, score, count: called.filter((each) => each.id === first.id).length };
  },
  found: (result) => ({
    width: result.width,
    height: result.height,
    counts: countLabels(calledOf(result)).map(({ label, count }) => ({ label, count })),
    // In the colours of their groups, of which there are few.
    boxes: countedOf(result)
      .slice(0, mostListedBoxes)
      .map(({ index, box }) => ({ index, box })),
  }),
  candidates: ({ detections, unsure }) => {
    const called = detections.map((each) => labelOf(each, unsure));
    const groups = detections.map(groupOf);
    const all = [...called, ...groups];
    return all.filter((each, at) => all.findIndex((other) => other.id === each.id) === at);
  },
  nameLabels: ({ postprocessing }, { classifier = [] }) => {
    const step = postprocessing
      .map((each) => NameCropsStep.safeParse(each))
      .find(({ success }) => success)?.data;
    return step ? classifier.filter(({ index }) => canBeName(step, index)) : [];
  },
  print: ({ width, height, detections, threshold: usual, unsure }, { top, threshold = usual }) => ({
    task: id,
    width,
    height,
    detections: detections
      .filter(({ score }) => score >= threshold)
      .slice(0, top)
      .map((each) => {
        const { index, label, score, box, names } = each;
        const called = labelOf(each, unsure);
        return {
          index: called.index,
          label: called.label,
          score: called.score,
          box,
          group: { index, label, score },
          name: names[0] ?? null,
        };
      }),
  }),
  placed: ({ width, height, detections }) => ({ width, height, boxes: detections }),
  distance: compare,
  columns: ['label', 'score', 'group', 'groupScore', ...countColumns],
  rows: ({ detections, ...photo }) => [
    {
      label: detections[0]?.label ?? 'empty',
      score: detections[0]?.score ?? '',
      group: detections[0]?.group.label ?? '',
      groupScore: detections[0]?.group.score ?? '',
      ...countCells(detections, photo),
    },
  ],
  otherRows: {
    boxes: {
      columns: [
        'rank',
        'index',
        'label',
        'score',
        'group',
        'groupScore',
        'name',
        'nameScore',
        ...placeColumns,
      ],
      rows: ({ detections, ...photo }) =>
        detections.map(({ index, label, score, group, name, box }, at) => ({
          rank: at + 1,
          index,
          label,
          score,
          group: group.label,
          groupScore: group.score,
          ...(name && { name: name.label, nameScore: name.score }),
          ...placeCells(box, photo),
        })),
    },
  },
  lines: ({ detections }) => countLines(detections),
  outputs: [
    ...boxOutputs,
    { name: 'groups', type: 'string', shape: [-1, -1] },
    { name: 'group_scores', type: 'float32', shape: [-1, -1] },
  ],
  entries: boxEntries,
  tensors: (results, top) => {
    const groups = boxTensors(results, top);
    const called = results.map((result) => ({
      ...result,
      detections: calledOf(result),
      threshold: -Infinity,
    }));
    const renamed = [
      ['labels', 'groups'],
      ['scores', 'group_scores'],
    ] as const;
    return [
      ...boxTensors(called, top),
      ...renamed.flatMap(([from, name]) =>
        groups.filter((tensor) => tensor.name === from).map((tensor) => ({ ...tensor, name })),
      ),
    ];
  },
} as const satisfies ItemTask<DetectClassifyResult, Printed, Expected>;

/**
 * Boxes first, then each name at its box. A name that is sure by more than the tolerance has to be this one, and one that is
 * unsure by more has to be unsure here; in between either is right, as another kernel moves it over the line.
 */
function compare(expected: Expected, result: DetectClassifyResult): Comparison {
  const boxes = compareDetections(expected, result);
  if (!boxes.isRight) return boxes;
  const allowed = expected.nameToleranceAbs;
  const wrong = { distance: 1, allowed, isRight: false };
  let worst = boxes;
  for (const { box, index, score } of expected.names) {
    const name = detectionAt(box, result, expected.overlap)?.names[0];
    const distance = Math.abs((name?.score ?? 0) - score);
    if (name?.index === index) {
      if (distance > allowed) return { distance, allowed, isRight: false };
      if (distance / allowed > worst.distance / worst.allowed) worst = { distance, allowed, isRight: true };
    } else if (score >= result.unsure + allowed) return wrong;
    else if (score < result.unsure - allowed && (name?.score ?? 0) >= result.unsure) return wrong;
  }
  return worst;
}

/** Of those that were named the one that shares most with this box, where it shares enough. */
function detectionAt(box: Box, { detections }: DetectClassifyResult, overlap: number): NamedDetection | null {
  let [most, best]: [number, NamedDetection | null] = [overlap, null];
  for (const each of detections.filter(({ names }) => names.length > 0)) {
    const { union } = overlapOf(box, each.box);
    if (union >= most) [most, best] = [union, each];
  }
  return best;
}
