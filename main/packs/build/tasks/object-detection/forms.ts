import type { BoxesStep, NmsStep } from '../../../../../contract/packs/detection-steps.ts';

/** A layout of detector outputs, named after the detectors that use it. */
export type FormName =
  | 'tensorflow'
  | 'torchvision'
  | 'yolo-nms'
  | 'yolov7-nms'
  | 'yolo'
  | 'yolo-rows'
  | 'yolov5'
  | 'detr'
  | 'rt-detr'
  | 'corners';
export type Form = {
  /** Description for a user who has to choose. */
  readonly meaning: string;
  readonly reads: Omit<BoxesStep, 'op' | 'from' | 'minScore' | 'maxBoxes'>;
  readonly nms: NmsStep | null;
  /** Score thresholds from which a box is shown, and from which it is kept. */
  readonly threshold: number;
};

const usual = { firstLabel: 0, perPlace: 'best' } as const;
const pixels = {
  corners: 'left-top-right-bottom',
  unit: 'pixels',
  scores: 'probabilities',
  ...usual,
} as const;
const middle = { ...pixels, corners: 'centre-size' } as const;
const nms: NmsStep = { op: 'nms', iou: 0.45, across: 'label' };
const chosen = { nms: null, threshold: 0.5 } as const;
const yolo = { nms, threshold: 0.25 } as const;

export const forms: Readonly<Record<FormName, Form>> = {
  tensorflow: {
    meaning:
      'TensorFlow: detection_boxes from 0 to 1, top first, classes from 1 on, suppression in the graph',
    reads: { ...pixels, corners: 'top-left-bottom-right', unit: 'share', firstLabel: 1 },
    ...chosen,
  },
  torchvision: {
    meaning: 'torchvision: boxes, labels and scores of one photo, labels from 1 on, suppression in the graph',
    reads: { ...pixels, firstLabel: 1 },
    ...chosen,
  },
  'yolo-nms': {
    meaning:
      'one row a box, of left, top, right, bottom, score and label, suppression in the graph (YOLOv10, nms=True)',
    reads: pixels,
    ...chosen,
    threshold: 0.25,
  },
  'yolov7-nms': {
    meaning:
      'one row a box, of photo, left, top, right, bottom, label and score, suppression in the graph (YOLOv7)',
    reads: pixels,
    ...chosen,
    threshold: 0.25,
  },
  yolo: {
    meaning: 'one column a place, of centre, size and a score for each label (YOLOv8 to v12)',
    reads: middle,
    ...yolo,
  },
  'yolo-rows': {
    meaning: 'one row a place, of centre, size and a score for each label',
    reads: middle,
    ...yolo,
  },
  yolov5: {
    meaning:
      'one row a place, of centre, size, how certain it is that anything is there, and a score for each label (YOLOv5, v7)',
    reads: middle,
    ...yolo,
  },
  detr: {
    meaning: 'boxes as centre and size from 0 to 1, logits of each label and of "nothing" (DETR)',
    reads: { ...middle, unit: 'share', scores: 'softmax', background: 'last' },
    ...chosen,
  },
  'rt-detr': {
    meaning: 'boxes as centre and size from 0 to 1, logits of each label (RT-DETR, Deformable DETR)',
    reads: { ...middle, unit: 'share', scores: 'sigmoid' },
    ...chosen,
  },
  corners: {
    meaning: 'boxes as left, top, right, bottom in pixels of the input, and a score for each label',
    reads: { ...pixels, perPlace: 'all' },
    nms: { ...nms, iou: 0.5 },
    threshold: 0.5,
  },
};
export const formNames = Object.keys(forms) as readonly FormName[];
export const isFormName = (name: string): name is FormName => name in forms;
