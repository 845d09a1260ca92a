import type { Box, Rectangle, Size } from '../../../contract/boxes.ts';

/** What is shown around a box, as a share of its longer side, and pixels of the photo at least. */
const margin = 0.12;
const leastPixels = 24;

/**
 * The part of a photo, in its pixels, that shows a box whole in a place of this shape: with a margin, and moved in where it
 * would leave the photo. Where the photo has less than that, it reaches out of it by the same on both sides.
 */
export function cropAround([left, top, right, bottom]: Box, photo: Size, place: Size): Rectangle {
  const around = Math.max(right - left, bottom - top) * margin;
  const least = Math.min(leastPixels, photo.width, photo.height);
  const wanted = {
    width: Math.max(right - left + 2 * around, least),
    height: Math.max(bottom - top + 2 * around, least),
  };
  const shape = place.width / place.height;
  const width = Math.max(wanted.width, wanted.height * shape);
  const height = width / shape;
  return {
    left: startOf((left + right) / 2, width, photo.width),
    top: startOf((top + bottom) / 2, height, photo.height),
    width,
    height,
  };
}

function startOf(middle: number, length: number, most: number): number {
  if (length > most) return (most - length) / 2;
  return Math.min(Math.max(0, middle - length / 2), most - length);
}
