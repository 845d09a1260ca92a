import type { Box, Rectangle, Size } from '../../../contract/pictures/boxes.ts';

/** Margin around a box as a share of its longer side; and the smallest crop in pixels of the photo. */
const margin = 0.12;
const leastPixels = 24;

/**
 * The crop of a photo, in its pixels, that shows a whole box in this aspect ratio: with a margin, and moved to stay
 * within the photo. Where the photo is smaller than the crop, it exceeds the photo equally on both sides.
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
