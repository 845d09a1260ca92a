import { z } from 'zod';
import { reason, reasonAt, type Reason } from './reasons.ts';
import { isScoreType } from './scored-output.ts';

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
export type BoxColumn = (typeof boxColumns)[number];

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

type Steps = readonly { readonly op: string }[];
type Shaped = { readonly name: string; readonly shape: readonly (number | string | null)[] | null };

/** The step of a manifest that says how boxes are read, and the one that suppresses; null where there is none. */
export const boxesIn = (steps: Steps): BoxesStep | null =>
  (steps.find(({ op }) => op === 'boxes') as BoxesStep | undefined) ?? null;
export const nmsIn = (steps: Steps): NmsStep | null =>
  (steps.find(({ op }) => op === 'nms') as NmsStep | undefined) ?? null;

/** The output that scores each label, and how many labels those are; null where the graph gives numbers of labels, or leaves it open. */
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

/** What steps promise that the outputs, or other steps, do not hold. */
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
