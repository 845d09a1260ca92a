import type {
  BoxColumn,
  BoxesLayout,
  BoxesStep,
  NmsStep,
} from '../../../../../contract/packs/detection-steps.ts';
import { reason, type Reason } from '../../../../../contract/faults/reasons.ts';
import { isScoreType } from '../../../../../contract/packs/scored-output.ts';
import { forms, type FormName } from './forms.ts';

/** An output as declared by the graph; a free dimension is null or a name. */
export type Output = {
  readonly name: string;
  readonly type: string | null;
  readonly shape: readonly (number | string | null)[] | null;
};
type Fit = { readonly form: FormName; readonly from: BoxesLayout };
export type Recognised =
  | { readonly kind: 'chosen'; readonly fit: Fit }
  /** Several layouts, or several outputs of one, fit the declaration. */
  | { readonly kind: 'doubt'; readonly among: readonly Fit[] }
  | { readonly kind: 'none'; readonly reason: Reason };
type Known = { readonly labels: number | null; readonly form?: FormName; readonly output?: string };

/**
 * Detects the layout of these outputs by their shapes, their names where those are a convention, and the number of
 * labels. `form` and `output` are the user's choice: the layout, and the output with the scores.
 */
export function recogniseBoxes(outputs: readonly Output[], { labels, form, output }: Known): Recognised {
  const all = [...byConvention(outputs), ...byShape(outputs, { labels, form })];
  const fits = all.filter(
    (fit) =>
      (form === undefined || fit.form === form) && (output === undefined || scoresOf(fit.from) === output),
  );
  const certain = form === undefined && output === undefined ? byConvention(outputs) : [];
  const [first, ...others] = certain.length > 0 ? certain : fits;
  if (!first) return { kind: 'none', reason: whyNone(outputs, { labels, form }) };
  return others.length === 0 ? { kind: 'chosen', fit: first } : { kind: 'doubt', among: [first, ...others] };
}

export const scoresOf = (from: BoxesLayout): string => ('scores' in from ? from.scores : from.output);

/** The postprocessing steps for a layout. */
export function stepsFor({ form, from }: Fit): readonly (BoxesStep | NmsStep)[] {
  const { reads, nms, threshold } = forms[form];
  const boxes: BoxesStep = {
    op: 'boxes',
    from,
    ...reads,
    minScore: Math.min(0.1, threshold / 2),
    maxBoxes: 100,
  };
  return nms ? [boxes, nms] : [boxes];
}

/** Output names that only one framework uses, with or without TensorFlow's `:0`. */
function byConvention(outputs: readonly Output[]): readonly Fit[] {
  const named = (name: string): string | undefined =>
    outputs.find((output) => output.name.replace(/:\d+$/u, '') === name)?.name;
  const [boxes, scores, labels] = ['detection_boxes', 'detection_scores', 'detection_classes'].map(named);
  const count = named('num_detections');
  if (boxes !== undefined && scores !== undefined && labels !== undefined)
    return [
      {
        form: 'tensorflow',
        from: { layout: 'chosen', boxes, scores, labels, ...(count !== undefined && { count }) },
      },
    ];
  return [];
}

function byShape(outputs: readonly Output[], known: Known): readonly Fit[] {
  const { labels } = known;
  const floats = outputs.filter(({ type }) => isScoreType(type));
  return [
    ...floats.flatMap((output) => joined(output, labels)),
    ...pairs(floats, known),
    ...torchvision(outputs),
  ];
}

const isFree = (dim: number | string | null | undefined): boolean => typeof dim !== 'number' || dim < 0;
/** Whether a dimension can have this length. */
const may = (dim: number | string | null | undefined, length: number): boolean =>
  isFree(dim) || dim === length;

/** Boxes and scores in one output. */
function joined({ name, shape }: Output, labels: number | null): readonly Fit[] {
  if (shape === null) return [];
  const last = shape.at(-1);
  if (shape.length === 2 && last === 7)
    return [{ form: 'yolov7-nms', from: { layout: 'table', output: name, columns: [...withPhoto] } }];
  if (shape.length !== 3) return [];
  const [, first] = shape;
  const fits: Fit[] = [];
  // A graph with built-in selection keeps at most hundreds of boxes; raw candidates are thousands.
  const isShort = isFree(first) || Number(first) <= 1000;
  if (last === 6 && isShort)
    fits.push({ form: 'yolo-nms', from: { layout: 'table', output: name, columns: [...sixColumns] } });
  const isUpright =
    typeof first === 'number' && typeof last === 'number' ? first < last : isFree(last) && !isFree(first);
  const values = isUpright ? first : last;
  if (typeof values !== 'number' || values < 5 || (last === 6 && isShort)) return fits;
  const scored = (before: number): boolean =>
    labels === null ? values > before : values === before + labels;
  const layout = isUpright ? 'columns' : 'rows';
  if (scored(4))
    fits.push({
      form: isUpright ? 'yolo' : 'yolo-rows',
      from: { layout, output: name, hasObjectness: false },
    });
  if (scored(5) && !isUpright)
    fits.push({ form: 'yolov5', from: { layout, output: name, hasObjectness: true } });
  return fits;
}
const sixColumns: BoxColumn[] = ['box0', 'box1', 'box2', 'box3', 'score', 'label'];
const withPhoto: BoxColumn[] = ['picture', 'box0', 'box1', 'box2', 'box3', 'label', 'score'];

/** Boxes in one output and a score per label in another. */
function pairs(floats: readonly Output[], { labels, form }: Known): readonly Fit[] {
  const isStated = form === 'detr';
  const four = floats.filter(({ shape }) => shape?.length === 3 && shape[2] === 4);
  // The scores of four labels have the shape of boxes: then the name decides.
  const named = four.filter(({ name }) => /box/iu.test(name));
  const boxes = named.length > 0 ? named : four;
  return boxes.flatMap((box) =>
    floats.flatMap((score): readonly Fit[] => {
      const [, places, values] = score.shape ?? [];
      const isAlike = isFree(places) || isFree(box.shape?.[1]) || places === box.shape?.[1];
      if (score === box || score.shape?.length !== 3 || !isAlike) return [];
      const from: BoxesLayout = { layout: 'apart', boxes: box.name, scores: score.name };
      const isDetr = /logit/iu.test(score.name) || box.name.startsWith('pred_');
      const fits: Fit[] = [];
      if (labels === null || may(values, labels)) {
        if (!isDetr) fits.push({ form: 'corners', from });
        fits.push({ form: 'rt-detr', from });
      }
      // One more value than labels may also mean a forgotten label: DETR needs its names or the user's choice.
      if ((isDetr || isStated) && (labels === null || may(values, labels + 1)))
        fits.push({ form: 'detr', from });
      return fits;
    }),
  );
}

/** Boxes, labels and scores of one photo, as exported by torchvision. */
function torchvision(outputs: readonly Output[]): readonly Fit[] {
  const boxes = outputs.filter(
    ({ type, shape }) => isScoreType(type) && shape?.length === 2 && shape[1] === 4,
  );
  const labels = outputs.filter(({ type, shape }) => type === 'int64' && shape?.length === 1);
  const scores = outputs.filter(({ type, shape }) => isScoreType(type) && shape?.length === 1);
  const [[box, ...b], [label, ...l], [score, ...s]] = [boxes, labels, scores];
  if (!box || !label || !score || b.length + l.length + s.length > 0) return [];
  return [
    {
      form: 'torchvision',
      from: { layout: 'chosen', boxes: box.name, scores: score.name, labels: label.name },
    },
  ];
}

function whyNone(outputs: readonly Output[], { labels, form }: Known): Reason {
  const names = outputs
    .map(({ name, shape }) => `${name} (${shape?.map((dim) => dim ?? '?').join(' × ') ?? 'no shape'})`)
    .join(', ');
  if (form !== undefined) return reason('boxes-not-in-form', { names, form });
  return labels === null
    ? reason('boxes-in-no-form', { names })
    : reason('boxes-in-no-form-for-labels', { names, labels });
}
