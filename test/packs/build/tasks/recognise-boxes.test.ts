import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../../contract/faults/reasons.ts';
import type { FormName } from '../../../../main/packs/build/tasks/object-detection/forms.ts';
import {
  recogniseBoxes,
  scoresOf,
  stepsFor,
  type Output,
  type Recognised,
} from '../../../../main/packs/build/tasks/object-detection/recognise.ts';
import { readGraph } from '../../../../main/packs/graph/read.ts';
import { families, nmsOf, type Family } from '../../../fixtures/detectors/steps.ts';

const float = (name: string, ...shape: readonly (number | string | null)[]): Output => ({
  name,
  type: 'float32',
  shape,
});
const names = (found: Recognised): readonly string[] | string =>
  found.kind === 'none'
    ? reasonText(found.reason)
    : found.kind === 'chosen'
      ? [found.fit.form]
      : found.among.map(({ form }) => form);

describe('by shapes and the number of labels', () => {
  it.each<[string, readonly Output[], number | null, readonly FormName[]]>([
    ['YOLOv8 of COCO', [float('output0', 1, 84, 8400)], 80, ['yolo']],
    ['YOLOv8 before its labels are known', [float('output0', 1, 84, 8400)], null, ['yolo']],
    ['YOLOv8 of a free size', [float('output0', 'batch', 84, 'anchors')], 80, ['yolo']],
    ['YOLOv8 turned to rows', [float('output', 1, 8400, 84)], 80, ['yolo-rows']],
    ['YOLOv5 of COCO', [float('output', 1, 25200, 85)], 80, ['yolov5']],
    ['rows before the labels are known', [float('output', 1, 25200, 85)], null, ['yolo-rows', 'yolov5']],
    ['YOLOv5 of one label', [float('output', 1, 25200, 6)], 1, ['yolov5']],
    ['YOLOv10', [float('output0', 1, 300, 6)], 80, ['yolo-nms']],
    ['YOLOv7 with its suppression', [float('output', null, 7)], 80, ['yolov7-nms']],
    ['DETR', [float('logits', 'batch', 100, 92), float('pred_boxes', 'batch', 100, 4)], 91, ['detr']],
    ['RT-DETR', [float('logits', 'batch', 300, 80), float('pred_boxes', 'batch', 300, 4)], 80, ['rt-detr']],
    [
      'a model of two outputs',
      [float('boxes', 'N', 3549, 4), float('scores', 'N', 3549, 80), float('triage', 'N', 3549, 3)],
      80,
      ['corners', 'rt-detr'],
    ],
    [
      'TensorFlow',
      [
        float('detection_boxes:0', 1, 100, 4),
        float('detection_scores:0', 1, 100),
        float('detection_classes:0', 1, 100),
        float('num_detections:0', 1),
        float('raw_detection_scores:0', 1, 1917, 91),
        float('raw_detection_boxes:0', 1, 1917, 4),
      ],
      90,
      ['tensorflow'],
    ],
    [
      'torchvision',
      [float('boxes', null, 4), { name: 'labels', type: 'int64', shape: [null] }, float('scores', null)],
      91,
      ['torchvision'],
    ],
  ])('%s', (_, outputs, labels, wanted) => {
    expect(names(recogniseBoxes(outputs, { labels }))).toEqual(wanted);
  });

  it('says what was there when nothing fits', () => {
    expect(names(recogniseBoxes([float('logits', 'N', 1000)], { labels: null }))).toBe(
      'its outputs logits (N × 1000) give boxes in no form that is known',
    );
    expect(names(recogniseBoxes([float('output0', 1, 84, 8400)], { labels: 3 }))).toBe(
      'its outputs output0 (1 × 84 × 8400) give boxes in no form that is known, with scores for 3 labels',
    );
    expect(
      names(recogniseBoxes([float('p3', 1, 255, 80, 80), float('p4', 1, 255, 40, 40)], { labels: 80 })),
    ).toContain('p3 (1 × 255 × 80 × 80)');
  });

  it('takes what a person says, the form and the output that holds the scores', () => {
    const nanodet = [
      float('boxes', 'N', 3549, 4),
      float('scores', 'N', 3549, 80),
      float('triage', 'N', 3549, 3),
    ];
    const found = recogniseBoxes(nanodet, { labels: null, form: 'corners', output: 'triage' });
    expect(found.kind === 'chosen' && scoresOf(found.fit.from)).toBe('triage');
    expect(recogniseBoxes(nanodet, { labels: null, form: 'yolo' }).kind).toBe('none');
    // The number of labels tells the two apart by itself.
    const counted = recogniseBoxes(nanodet, { labels: 3, form: 'corners' });
    expect(counted.kind === 'chosen' && scoresOf(counted.fit.from)).toBe('triage');
  });
});

describe('the graphs that are read elsewhere', () => {
  const folder = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'detectors');
  const asked: Partial<Record<Family, FormName>> = { apart: 'corners' };
  it.each(Object.keys(families) as Family[])(
    '%s gets the steps by which its boxes are found',
    async (family) => {
      const graph = await readGraph(path.join(folder, `${family}.onnx`));
      if (!graph.ok) throw new Error(graph.fault.message);
      const found = recogniseBoxes(graph.value.outputs, {
        labels: 3,
        ...(asked[family] && { form: asked[family] }),
      });
      if (found.kind !== 'chosen') throw new Error(`${family}: ${String(names(found))}`);
      const [boxes, nms] = stepsFor(found.fit);
      const { minScore: _, ...wanted } = families[family];
      expect(boxes).toMatchObject(wanted);
      expect(nms?.op).toBe(nmsOf(family, {})?.op);
    },
  );
});
