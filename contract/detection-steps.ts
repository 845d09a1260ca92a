import { z } from 'zod';

const Output = z.string().min(1);
const Byte = z.number().int().min(0).max(255);

/**
 * The whole photo in the input, its sides in proportion: scaled to fit, the rest `colour` (red, green, blue of 0 to 255,
 * before they are normalised). Scaled as `resize` does it. `at`: the picture lies in the middle, or in the upper left corner.
 */
export const LetterboxStep = z.strictObject({
  op: z.literal('letterbox'),
  width: z.number().int().min(1).max(4096),
  height: z.number().int().min(1).max(4096),
  kernel: z.enum(['cubic', 'linear', 'lanczos3', 'nearest']),
  colour: z.tuple([Byte, Byte, Byte]),
  at: z.enum(['centre', 'corner']),
});
export type LetterboxStep = z.infer<typeof LetterboxStep>;

/** What a column of a table of boxes holds. `left` to `bottom` are the four numbers of `corners`, whatever they mean there. */
export const boxColumns = ['picture', 'box0', 'box1', 'box2', 'box3', 'score', 'label', 'unused'] as const;

/**
 * Where boxes and scores lie in the outputs. N counts photos, A places that were looked at, C labels, k boxes that the
 * graph chose; an output without N is of one photo.
 */
export const BoxesLayout = z.discriminatedUnion('layout', [
  /** Boxes [N,A,4] and scores [N,A,C] in outputs of their own: DETR, SSD, NanoDet with its boxes decoded. */
  z.strictObject({ layout: z.literal('apart'), boxes: Output, scores: Output }),
  /** One row for each place, [N,A,4+C], or [N,A,5+C] where the fifth says how certain it is that anything is there: YOLOv5. */
  z.strictObject({ layout: z.literal('rows'), output: Output, hasObjectness: z.boolean() }),
  /** One column for each place, [N,4+C,A]: YOLOv8 to v12. */
  z.strictObject({ layout: z.literal('columns'), output: Output, hasObjectness: z.boolean() }),
  /** Suppression in the graph: boxes [N,k,4], scores [N,k], labels [N,k], and [N] how many of them count: TensorFlow, torchvision. */
  z.strictObject({
    layout: z.literal('chosen'),
    boxes: Output,
    scores: Output,
    labels: Output,
    count: Output.optional(),
  }),
  /** Suppression in the graph, one row for each box, [N,k,columns] or [k,columns]; `picture` is the row's photo: YOLOv7, v10. */
  z.strictObject({
    layout: z.literal('table'),
    output: Output,
    columns: z.array(z.enum(boxColumns)).min(6).max(32),
  }),
]);
export type BoxesLayout = z.infer<typeof BoxesLayout>;

/** How boxes and scores are read. What scores below `minScore` is not kept: no threshold can ask for it later. */
export const BoxesStep = z.strictObject({
  op: z.literal('boxes'),
  from: BoxesLayout,
  /** Left, top, right, bottom in some order, or the middle and the size, or the corner and the size. */
  corners: z.enum(['left-top-right-bottom', 'top-left-bottom-right', 'centre-size', 'left-top-size']),
  /** `share`: from 0 to 1 of the input's sides. */
  unit: z.enum(['pixels', 'share']),
  scores: z.enum(['probabilities', 'sigmoid', 'softmax']),
  /** The column of C that means nothing is there; `labels` does not count it. */
  background: z.enum(['first', 'last']).optional(),
  /** The number that the graph gives the first label, where it gives numbers. */
  firstLabel: z.number().int().min(0).max(1).default(0),
  /** `best`: a place has one label; `all`: one box for each label over `minScore`. */
  perPlace: z.enum(['best', 'all']).default('best'),
  minScore: z.number().gt(0).lt(1),
  /** Most boxes that are kept of a photo. */
  maxBoxes: z.number().int().min(1).max(1000).default(100),
});
export type BoxesStep = z.infer<typeof BoxesStep>;

/** Greedy non-maximum suppression, best first, on pixels of the input. Absent where the graph does it. */
export const NmsStep = z.strictObject({
  op: z.literal('nms'),
  /** A box goes when its intersection over union with a better one is over this. */
  iou: z.number().min(0).max(1),
  /** … or when more than this part of the smaller box lies in both. */
  contained: z.number().gt(0).max(1).optional(),
  /** `label`: only boxes of the same label suppress each other. */
  across: z.enum(['label', 'all']),
});
export type NmsStep = z.infer<typeof NmsStep>;

/** Names of all outputs that a layout reads, in a fixed order. */
export function outputsOf(layout: BoxesLayout): readonly string[] {
  switch (layout.layout) {
    case 'apart':
      return [layout.boxes, layout.scores];
    case 'chosen':
      return [
        layout.boxes,
        layout.scores,
        layout.labels,
        ...(layout.count === undefined ? [] : [layout.count]),
      ];
    case 'rows':
    case 'columns':
    case 'table':
      return [layout.output];
  }
}
