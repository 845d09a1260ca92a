/** Left, top, right, bottom, with left ≤ right and top ≤ bottom; each use states the unit. */
export type Box = readonly [number, number, number, number];
export type Size = { readonly width: number; readonly height: number };
export type Rectangle = Size & { readonly left: number; readonly top: number };

const sidesOf = ([left, top, right, bottom]: Box): Size => ({
  width: Math.max(0, right - left),
  height: Math.max(0, bottom - top),
});

/** In square units; 0 for a degenerate or inverted box. */
export function areaOf(box: Box): number {
  const { width, height } = sidesOf(box);
  return width * height;
}

/**
 * Overlap of two boxes by two measures from 0 to 1: `union` is intersection over union, `smaller` the share of the
 * smaller box that is in both. Boxes without area do not overlap.
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

/**
 * The mapping between a photo and a model's input: `seen` in pixels of the oriented photo, `placed` in pixels of the
 * input.
 */
export type View = { readonly photo: Size; readonly seen: Rectangle; readonly placed: Rectangle };

/** Scales a whole photo into an input of another shape: as large as fits, sides rounded half up. */
export function fitWhole(photo: Size, input: Size, at: 'centre' | 'corner'): Rectangle {
  const scale = Math.min(input.width / photo.width, input.height / photo.height);
  const width = Math.min(input.width, Math.max(1, Math.floor(photo.width * scale + 0.5)));
  const height = Math.min(input.height, Math.max(1, Math.floor(photo.height * scale + 0.5)));
  return { ...placeIn({ ...input, at }, { width, height }), width, height };
}

/**
 * The position of a scaled picture in an input: centred (an odd pixel is added right and below) or in the upper left
 * corner.
 */
export const placeIn = (
  input: Size & { readonly at: 'centre' | 'corner' },
  { width, height }: Size,
): Pick<Rectangle, 'left' | 'top'> =>
  input.at === 'corner'
    ? { left: 0, top: 0 }
    : { left: Math.floor((input.width - width) / 2), top: Math.floor((input.height - height) / 2) };

/** From input pixels to photo pixels, clipped to the photo. */
export function toPhoto(box: Box, { photo, seen, placed }: View): Box {
  const x = (value: number): number =>
    clip(((value - placed.left) * seen.width) / placed.width + seen.left, photo.width);
  const y = (value: number): number =>
    clip(((value - placed.top) * seen.height) / placed.height + seen.top, photo.height);
  return [x(box[0]), y(box[1]), x(box[2]), y(box[3])];
}

const clip = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** A box as given by a model, in input pixels. `index` is that of its label. */
export type Candidate = { readonly index: number; readonly score: number; readonly box: Box };

export type Suppression = {
  /** A box is suppressed when its intersection over union with a better one exceeds this. */
  readonly iou: number;
  /** … or when more than this share of the smaller box is in both. */
  readonly contained?: number | undefined;
  /** Whether boxes suppress only those of the same label, or any. */
  readonly across: 'label' | 'all';
};

/**
 * Greedy non-maximum suppression, best first; equal scores in the given order. Keeps at most `most`. A box is
 * suppressed only by better ones, so filtering low scores before or after gives the same result.
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

/** By descending score; equal ones in the given order (stable). */
export const bestFirst = <T extends { readonly score: number }>(all: readonly T[]): readonly T[] =>
  all.toSorted((a, b) => b.score - a.score);
