import { areaOf, type Box, type Size } from '../../../contract/pictures/boxes.ts';

/** A box with the size of its label's chip, in CSS pixels of the displayed photo. */
type Chipped = { readonly box: Box; readonly chip: Size };
export type Place = { readonly left: number; readonly top: number };

/**
 * Positions of the chips so that none overlaps another: at a corner of the box, outside before inside, within the
 * photo. Earlier ones choose first; null when no position is free (the label is then in the list only).
 */
export function placeChips(all: readonly Chipped[], photo: Size): readonly (Place | null)[] {
  const taken: Box[] = [];
  return all.map(({ box, chip }) => {
    const place = placesOf(box, chip, photo).find((each) => {
      const here = areaAt(each, chip);
      return isInside(here, photo) && !taken.some((other) => isCovering(here, other));
    });
    if (!place) return null;
    taken.push(areaAt(place, chip));
    return place;
  });
}

/** Candidate positions at the corners of a box, best first, moved inside the photo. */
function placesOf([left, top, right, bottom]: Box, { width, height }: Size, photo: Size): readonly Place[] {
  const within = (x: number): number => Math.min(Math.max(0, x), Math.max(0, photo.width - width));
  const [start, end] = [within(left), within(right - width)];
  return [
    { left: start, top: top - height },
    { left: end, top: top - height },
    { left: start, top: bottom },
    { left: end, top: bottom },
    { left: start, top },
    { left: end, top },
    { left: start, top: bottom - height },
    { left: end, top: bottom - height },
  ];
}

const areaAt = ({ left, top }: Place, { width, height }: Size): Box => [
  left,
  top,
  left + width,
  top + height,
];

const isInside = ([left, top, right, bottom]: Box, { width, height }: Size): boolean =>
  left >= 0 && top >= 0 && right <= width && bottom <= height;

const isCovering = (a: Box, b: Box): boolean =>
  areaOf([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]) > 0;
