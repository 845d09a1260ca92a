/** Left, top, right, bottom, with left ≤ right and top ≤ bottom; the unit is said where one is used. */
export type Box = readonly [number, number, number, number];
export type Size = { readonly width: number; readonly height: number };
export type Rectangle = Size & { readonly left: number; readonly top: number };

const sidesOf = ([left, top, right, bottom]: Box): Size => ({
  width: Math.max(0, right - left),
  height: Math.max(0, bottom - top),
});

/** In square units; 0 for a box that is a line, a point or turned inside out. */
export function areaOf(box: Box): number {
  const { width, height } = sidesOf(box);
  return width * height;
}

/**
 * How much two boxes share, each from 0 to 1: `union` is intersection over union, `smaller` the part of the smaller
 * box that lies in both. Boxes without an area share nothing.
 */
export function overlapOf(a: Box, b: Box): { readonly union: number; readonly smaller: number } {
  const shared = areaOf([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  if (shared === 0) return { union: 0, smaller: 0 };
  const [areaA, areaB] = [areaOf(a), areaOf(b)];
  return { union: shared / (areaA + areaB - shared), smaller: shared / Math.min(areaA, areaB) };
}

/** Where a model's input shows a photo: `seen` in pixels of the photo as a person sees it, `placed` in pixels of the input. */
export type View = { readonly photo: Size; readonly seen: Rectangle; readonly placed: Rectangle };

/** The place of a whole photo in an input of another shape: as large as fits, sides rounded half up. */
export function fitWhole(photo: Size, input: Size, at: 'centre' | 'corner'): Rectangle {
  const scale = Math.min(input.width / photo.width, input.height / photo.height);
  const width = Math.min(input.width, Math.max(1, Math.floor(photo.width * scale + 0.5)));
  const height = Math.min(input.height, Math.max(1, Math.floor(photo.height * scale + 0.5)));
  return { ...placeIn({ ...input, at }, { width, height }), width, height };
}

/** Where a picture that fits lies in an input: in the middle (an odd pixel goes right and below) or in the upper left corner. */
export const placeIn = (
  input: Size & { readonly at: 'centre' | 'corner' },
  { width, height }: Size,
): Pick<Rectangle, 'left' | 'top'> =>
  input.at === 'corner'
    ? { left: 0, top: 0 }
    : { left: Math.floor((input.width - width) / 2), top: Math.floor((input.height - height) / 2) };

/** From pixels of the input to pixels of the photo, clipped to what the photo has. */
export function toPhoto(box: Box, { photo, seen, placed }: View): Box {
  const x = (value: number): number =>
    clip(((value - placed.left) * seen.width) / placed.width + seen.left, photo.width);
  const y = (value: number): number =>
    clip(((value - placed.top) * seen.height) / placed.height + seen.top, photo.height);
  return [x(box[0]), y(box[1]), x(box[2]), y(box[3])];
}

/** From pixels of the photo to pixels of the input; what the model did not see lies outside its picture. */
export function toInput(box: Box, { seen, placed }: View): Box {
  const x = (value: number): number => ((value - seen.left) * placed.width) / seen.width + placed.left;
  const y = (value: number): number => ((value - seen.top) * placed.height) / seen.height + placed.top;
  return [x(box[0]), y(box[1]), x(box[2]), y(box[3])];
}

const clip = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** A box that a model gave, before it is known which photo pixels it covers. `index` is its label's. */
export type Candidate = { readonly index: number; readonly score: number; readonly box: Box };

export type Suppression = {
  /** A box goes when its intersection over union with a better one is over this. */
  readonly iou: number;
  /** … or when more than this part of the smaller of the two lies in both. */
  readonly contained?: number | undefined;
  /** Whether only boxes of its own label can suppress a box, or those of any. */
  readonly across: 'label' | 'all';
};

/**
 * Greedy non-maximum suppression, best first; equal scores in the order given. At most `most` are kept. A box is
 * suppressed only by better ones, so leaving out low scores afterwards gives what leaving them out before would have.
 */
export function suppress<T extends Candidate>(
  candidates: readonly T[],
  { iou, contained, across }: Suppression,
  most: number,
): readonly T[] {
  const chosen: T[] = [];
  for (const candidate of bestFirst(candidates)) {
    if (chosen.length >= most) break;
    const isCovered = chosen.some((better) => {
      if (across === 'label' && better.index !== candidate.index) return false;
      const { union, smaller } = overlapOf(better.box, candidate.box);
      return union > iou || (contained !== undefined && smaller > contained);
    });
    if (!isCovered) chosen.push(candidate);
  }
  return chosen;
}

/** Highest score first, equal ones in the order given. */
export const bestFirst = <T extends { readonly score: number }>(all: readonly T[]): readonly T[] =>
  all.toSorted((a, b) => b.score - a.score);
