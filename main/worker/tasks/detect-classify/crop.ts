import type { Box, Rectangle, Size } from '../../../../contract/pictures/boxes.ts';

/**
 * What a classifier is shown of a box: a square with the box in its middle, `scale` times its longer side, moved so that it
 * lies in the photo. Where the photo is too narrow for it, the square is as wide as the photo allows.
 */
export function cropOf([left, top, right, bottom]: Box, scale: number, photo: Size): Rectangle {
  const wanted = Math.max(right - left, bottom - top) * scale;
  const side = Math.min(wanted, photo.width, photo.height);
  // A box that is longer than the photo is wide keeps its length: names need the whole thing more than a square.
  const width = Math.min(photo.width, Math.max(side, right - left));
  const height = Math.min(photo.height, Math.max(side, bottom - top));
  return {
    left: within((left + right - width) / 2, photo.width - width),
    top: within((top + bottom - height) / 2, photo.height - height),
    width,
    height,
  };
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
