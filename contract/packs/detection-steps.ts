import { z } from 'zod';
import { reason, reasonAt, type Reason } from '../faults/reasons.ts';
import { isScoreType } from './scored-output.ts';

const Output = z.string().min(1);
const Byte = z.number().int().min(0).max(255);

/**
 * Letterbox: scales the whole photo into the input with its aspect ratio, as `resize` does, and fills the rest with
 * `colour` (red, green, blue from 0 to 255, before normalisation). `at`: in the centre, or in the upper left corner.
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

/** The meaning of a column in a table of boxes. `box0` to `box3` are the four numbers in the order of `corners`. */
const boxColumns = ['picture', 'box0', 'box1', 'box2', 'box3', 'score', 'label', 'unused'] as const;
export type BoxColumn = (typeof boxColumns)[number];

/**
 * Where boxes and scores are in the outputs. N is the number of photos, A of candidate places (anchors), C of labels, k
 * of boxes kept by the graph; an output without N is for one photo.
 */
export const BoxesLayout = z.discriminatedUnion('layout', [
  /** Separate outputs for boxes [N,A,4] and scores [N,A,C]: DETR, SSD, NanoDet with decoded boxes. */
  z.strictObject({ layout: z.literal('apart'), boxes: Output, scores: Output }),
  /** One row per place, [N,A,4+C], or [N,A,5+C] where the fifth value is the objectness: YOLOv5. */
  z.strictObject({ layout: z.literal('rows'), output: Output, hasObjectness: z.boolean() }),
  /** One column per place, [N,4+C,A]: YOLOv8 to v12. */
  z.strictObject({ layout: z.literal('columns'), output: Output, hasObjectness: z.boolean() }),
  /**
   * Suppression in the graph: boxes [N,k,4], scores [N,k], labels [N,k], and the number of valid ones [N]: TensorFlow,
   * torchvision.
   */
  z.strictObject({
    layout: z.literal('chosen'),
    boxes: Output,
    scores: Output,
    labels: Output,
    count: Output.optional(),
  }),
  /**
   * Suppression in the graph, one row per box, [N,k,columns] or [k,columns]; column `picture` is the index of the
   * photo: YOLOv7, v10.
   */
  z.strictObject({
    layout: z.literal('table'),
    output: Output,
    columns: z.array(z.enum(boxColumns)).min(6).max(32),
  }),
]);
export type BoxesLayout = z.infer<typeof BoxesLayout>;

/** How boxes and scores are read. Boxes below `minScore` are not kept, so no later threshold can show them. */
export const BoxesStep = z.strictObject({
  op: z.literal('boxes'),
  from: BoxesLayout,
  /** Left, top, right, bottom in one of two orders, or centre and size, or upper left corner and size. */
  corners: z.enum(['left-top-right-bottom', 'top-left-bottom-right', 'centre-size', 'left-top-size']),
  /** `share`: relative to the input's sides, 0 to 1. */
  unit: z.enum(['pixels', 'share']),
  scores: z.enum(['probabilities', 'sigmoid', 'softmax']),
  /** The column of C for the background class, which `labels` does not contain. */
  background: z.enum(['first', 'last']).optional(),
  /** The label number that the graph gives the first label, if it gives numbers. */
  firstLabel: z.number().int().min(0).max(1).default(0),
  /** `best`: one label per place; `all`: one box per label over `minScore`. */
  perPlace: z.enum(['best', 'all']).default('best'),
  minScore: z.number().gt(0).lt(1),
  /** Most boxes kept per photo. */
  maxBoxes: z.number().int().min(1).max(1000).default(100),
});
export type BoxesStep = z.infer<typeof BoxesStep>;

/** Greedy non-maximum suppression, best first, in pixels of the input. Absent where the graph does it. */
export const NmsStep = z.strictObject({
  op: z.literal('nms'),
  /** A box is suppressed when its intersection over union with a better one exceeds this. */
  iou: z.number().min(0).max(1),
  /** … or when more than this share of the smaller box is in both. */
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

type Steps = readonly { readonly op: string }[];
type Shaped = { readonly name: string; readonly shape: readonly (number | string | null)[] | null };

/** The manifest's step that reads boxes, and the one that suppresses; null for none. */
export const boxesIn = (steps: Steps): BoxesStep | null =>
  (steps.find(({ op }) => op === 'boxes') as BoxesStep | undefined) ?? null;
export const nmsIn = (steps: Steps): NmsStep | null =>
  (steps.find(({ op }) => op === 'nms') as NmsStep | undefined) ?? null;

/**
 * The output with a score per label, and the number of labels; null where the graph gives label numbers or leaves the
 * size free.
 */
export function labelCountOf(
  { from, background }: BoxesStep,
  outputs: readonly Shaped[],
): { readonly output: string; readonly count: number } | null {
  if (from.layout === 'chosen' || from.layout === 'table') return null;
  const output = from.layout === 'apart' ? from.scores : from.output;
  const shape = outputs.find(({ name }) => name === output)?.shape;
  const values = shape?.at(from.layout === 'columns' ? -2 : -1);
  if (typeof values !== 'number' || values < 1) return null;
  const before = from.layout === 'apart' ? 0 : from.hasObjectness ? 5 : 4;
  return { output, count: values - before - (background === undefined ? 0 : 1) };
}

/** Contradictions between the steps and the outputs or each other. */
export function findMisreadBoxes({
  preprocessing,
  postprocessing,
  outputs,
}: {
  readonly preprocessing: Steps;
  readonly postprocessing: Steps;
  readonly outputs: readonly (Shaped & { readonly type: string })[];
}): readonly Reason[] {
  const has = (op: string): boolean => preprocessing.some((step) => step.op === op);
  const fits = (['crop-centre', 'resize'] as const)
    .filter((op) => has('letterbox') && has(op))
    .map((op) => reasonAt('preprocessing', reason('steps-exclude', { one: 'letterbox', other: op })));
  return [
    ...fits,
    ...postprocessing.flatMap((step, at) =>
      step.op === 'boxes' ? findMisread(step as BoxesStep, outputs, `postprocessing.${at}.from`) : [],
    ),
  ];
}

function findMisread(
  { from }: BoxesStep,
  outputs: readonly (Shaped & { readonly type: string })[],
  place: string,
): readonly Reason[] {
  const named = outputsOf(from).flatMap((name) => {
    const output = outputs.find((each) => each.name === name);
    if (!output) return [reasonAt(place, reason('no-output-named', { name }))];
    const isCount = from.layout === 'chosen' && (name === from.labels || name === from.count);
    return isCount || isScoreType(output.type)
      ? []
      : [reasonAt(place, reason('scores-of-type', { name, type: output.type }))];
  });
  if (from.layout !== 'table') return named;
  const odd = (['box0', 'box1', 'box2', 'box3', 'score'] as const)
    .filter((column) => from.columns.filter((each) => each === column).length !== 1)
    .map((column) => reasonAt(`${place}.columns`, reason('column-once', { name: column })));
  return [...named, ...odd];
}
