import { z } from 'zod';
import { BoxesStep, NmsStep, boxesIn, findMisreadBoxes, labelCountOf } from '../packs/detection-steps.ts';
import { mostListedBoxes } from '../runs/found.ts';
import { pictureSettings } from '../packs/picture-steps.ts';
import {
  boxEntries,
  boxOutputs,
  countCells,
  countColumns,
  countLines,
  placeCells,
  placeColumns,
  usualBoxes,
} from './detection-tables.ts';
import {
  boxTensors,
  compareDetections,
  countedOf,
  countLabels,
  Detection,
  ExpectedDetections,
  tensorFlowTensors,
} from './detections.ts';
import { findMissingSteps, goldenPhoto } from './photo-steps.ts';
import type { ItemTask } from './task.ts';

const id = 'object-detection';

const found = {
  task: z.literal(id),
  width: z.number().int(),
  height: z.number().int(),
  detections: z.array(Detection),
};
/**
 * Best first, down to the manifest's lowest score, so that no threshold needs a new run. `width` and `height` are pixels
 * after orientation; `threshold` is the pack's: from there on a box counts.
 */
export const DetectionResult = z.strictObject({ ...found, threshold: z.number() });
export type DetectionResult = z.infer<typeof DetectionResult>;

/** What records show of it: the boxes from the threshold on. */
const Printed = z.strictObject(found);
type Printed = z.infer<typeof Printed>;

/** Things on a photo, each with its place: what is where, how many of each, or nothing. */
export const objectDetection = {
  id,
  input: 'picture',
  summary: 'boxes around the things on a photo',
  Result: DetectionResult,
  Printed,
  steps: [BoxesStep, NmsStep],
  GoldenCase: goldenPhoto('boxes', ExpectedDetections),
  findContradictions: (manifest) => [
    ...findMissingSteps(id, manifest, ['boxes']),
    ...findMisreadBoxes(manifest),
  ],
  labelled: ({ postprocessing }, outputs) => {
    const step = boxesIn(postprocessing);
    return step && labelCountOf(step, outputs);
  },
  looksThoroughly: true,
  // A thorough look needs every pixel, so it decodes exactly.
  settingsText: ({ preprocessing }, { decode, thorough }) =>
    [pictureSettings(preprocessing, decode === 'fast' && !thorough), ...(thorough ? ['thorough'] : [])]
      .filter((part) => part !== '')
      .join(', '),
  // Every box is kept as it is.
  widen: (request) => request,
  trim: (result, { top }) => ({ ...result, detections: result.detections.slice(0, top) }),
  suffices: () => true,
  headline: (result) => {
    const counted = countedOf(result);
    const [first] = counted;
    if (!first) return null;
    const { index, label, score } = first;
    return { index, id: label, label, score, count: counted.filter((each) => each.index === index).length };
  },
  found: (result) => {
    const counted = countedOf(result);
    return {
      width: result.width,
      height: result.height,
      counts: countLabels(counted).map(({ label, count }) => ({ label, count })),
      boxes: counted.slice(0, mostListedBoxes).map(({ index, box }) => ({ index, box })),
    };
  },
  candidates: ({ detections }) =>
    detections
      .filter(({ index }, at) => detections.findIndex((other) => other.index === index) === at)
      .map(({ index, label, score }) => ({ index, id: label, label, score })),
  print: ({ width, height, detections, threshold: usual }, { top, threshold = usual }) => ({
    task: id,
    width,
    height,
    detections: countedOf({ detections, threshold }).slice(0, top),
  }),
  placed: ({ width, height, detections }) => ({ width, height, boxes: detections }),
  distance: compareDetections,
  columns: ['label', 'score', ...countColumns],
  rows: ({ detections, ...photo }) => [
    {
      label: detections[0]?.label ?? 'empty',
      score: detections[0]?.score ?? '',
      ...countCells(detections, photo),
    },
  ],
  otherRows: {
    boxes: {
      columns: ['rank', 'index', 'label', 'score', ...placeColumns],
      rows: ({ detections, ...photo }) =>
        detections.map(({ index, label, score, box }, at) => ({
          rank: at + 1,
          index,
          label,
          score,
          ...placeCells(box, photo),
        })),
    },
  },
  lines: ({ detections }) => countLines(detections),
  outputs: boxOutputs,
  entries: boxEntries,
  tensors: boxTensors,
  tensorFlow: {
    top: usualBoxes,
    outputs: [
      { name: 'detection_boxes', type: 'float32', shape: [-1, -1, 4] },
      { name: 'detection_scores', type: 'float32', shape: [-1, -1] },
      { name: 'detection_classes', type: 'float32', shape: [-1, -1] },
      { name: 'num_detections', type: 'float32', shape: [-1] },
    ],
    tensors: tensorFlowTensors,
  },
} as const satisfies ItemTask<DetectionResult, Printed, ExpectedDetections>;
