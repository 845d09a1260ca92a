import type { Box, Size } from '../pictures/boxes.ts';
import type { TensorSpec } from '../tensors/tensor.ts';
import { countLabels, countText, type Detection } from './detections.ts';
import type { Line, Row } from './task.ts';

/** Most boxes of a photo over protocols of tensors when nothing is said. */
export const usualBoxes = 100;
export const boxEntries = (asked: number | null): number => asked ?? usualBoxes;

/** What `boxTensors` gives. */
export const boxOutputs: readonly TensorSpec[] = [
  { name: 'boxes', type: 'float32', shape: [-1, -1, 4] },
  { name: 'scores', type: 'float32', shape: [-1, -1] },
  { name: 'labels', type: 'string', shape: [-1, -1] },
  { name: 'count', type: 'int64', shape: [-1] },
];

/** Columns of `countCells`, in a row for each photo. */
export const countColumns = ['count', 'counts', 'width', 'height'] as const;
export const countCells = (detections: readonly Detection[], { width, height }: Size): Row => ({
  count: detections.length,
  counts: countLabels(detections).map(countText).join(', '),
  width,
  height,
});

/** Columns of `placeCells`, in a row for each box. */
export const placeColumns = ['left', 'top', 'right', 'bottom', 'width', 'height'] as const;
export const placeCells = ([left, top, right, bottom]: Box, { width, height }: Size): Row => ({
  left,
  top,
  right,
  bottom,
  width,
  height,
});

/** How many of each label, with the score of its best one. */
export const countLines = (detections: readonly Detection[]): readonly Line[] =>
  detections.length === 0
    ? [{ kind: 'note', text: 'empty' }]
    : countLabels(detections).map((count) => ({
        kind: 'share',
        label: countText(count),
        score: count.score,
      }));
