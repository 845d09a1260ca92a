import { placeIn, type Rectangle, type View } from '../../contract/pictures/boxes.ts';
import type { LetterboxStep } from '../../contract/packs/detection-steps.ts';
import type { Picture, Pixels } from './decoder.ts';

type Placing = Pick<LetterboxStep, 'width' | 'height' | 'at'>;

/** Where a decoded picture lies in the input: all of it, unless a letterbox leaves a margin. */
export function placeOf(
  { outWidth: width, outHeight: height }: Pick<Picture, 'outWidth' | 'outHeight'>,
  letterbox: Placing | null,
): Rectangle {
  return { ...(letterbox ? placeIn(letterbox, { width, height }) : { left: 0, top: 0 }), width, height };
}

/** How pixels of the input and of the photo belong together. */
export const viewOf = (picture: Omit<Picture, 'pixels'>, letterbox: Placing | null): View => ({
  photo: { width: picture.width, height: picture.height },
  seen: picture.seen,
  placed: placeOf(picture, letterbox),
});

/** The picture with its margin, as large as the input. */
export function withMargin<P extends Pixels>(picture: P, letterbox: LetterboxStep | null): P {
  if (!letterbox) return picture;
  const { width, height, colour } = letterbox;
  const { outWidth, outHeight, pixels } = picture;
  if (outWidth === width && outHeight === height) return picture;
  const { left, top } = placeOf(picture, letterbox);
  const whole = new Uint8Array(3 * width * height);
  if (colour.some((value) => value !== 0)) {
    // Doubling what is filled takes 1 ms where a pixel at a time takes 28 (640 × 640).
    whole.set(colour);
    for (let filled = 3; filled < whole.length; filled *= 2) whole.copyWithin(filled, 0, filled);
  }
  for (let row = 0; row < outHeight; row += 1) {
    const from = 3 * row * outWidth;
    whole.set(pixels.subarray(from, from + 3 * outWidth), 3 * ((top + row) * width + left));
  }
  return { ...picture, pixels: whole, outWidth: width, outHeight: height };
}
