import { memo, useLayoutEffect, useRef } from 'react';
import type { Box, Rectangle, Size } from '../../../contract/pictures/boxes.ts';
import { colourOf } from './colours.ts';
import { cropAround } from './crop-around.ts';

type PhotoCropProps = {
  readonly full: ImageBitmap | null;
  /** Size of the photo in the pixels that `box` refers to. */
  readonly photo: Size;
  readonly box: Box;
  /** Index of the label, for the frame's colour. */
  readonly index: number;
  /** Size of the target area in CSS pixels. */
  readonly size: Size;
};

/** A framed box of a photo with its surroundings, scaled to the target area. */
export const PhotoCrop = memo(function PhotoCrop({ full, photo, box, index, size }: PhotoCropProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = size;
  const density = window.devicePixelRatio;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    if (!full) return;
    const part = cropAround(box, photo, { width, height });
    draw(context, full, toBitmap(part, photo, full));
    frame(context, onCanvas(box, part, context.canvas), colourOf(index));
  }, [full, photo, box, index, width, height, density]);
  return (
    <canvas
      ref={canvas}
      className="photo-crop"
      aria-hidden="true"
      width={Math.round(width * density)}
      height={Math.round(height * density)}
    />
  );
});

function draw(context: CanvasRenderingContext2D, full: ImageBitmap, part: Rectangle): void {
  context.imageSmoothingQuality = 'high';
  const { width, height } = context.canvas;
  context.drawImage(full, part.left, part.top, part.width, part.height, 0, 0, width, height);
}

/** A bright line within a dark one, as over the photo. */
function frame(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Rectangle,
  colour: string,
): void {
  const thin = Math.max(1, Math.round(window.devicePixelRatio));
  for (const [style, line] of [
    ['#000', 3 * thin],
    [colour, 1.5 * thin],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.strokeRect(left, top, width, height);
  }
}

function onCanvas([left, top, right, bottom]: Box, part: Rectangle, canvas: Size): Rectangle {
  const [across, down] = [canvas.width / part.width, canvas.height / part.height];
  return {
    left: (left - part.left) * across,
    top: (top - part.top) * down,
    width: (right - left) * across,
    height: (bottom - top) * down,
  };
}

/** Converts to pixels of the bitmap, which may be a smaller copy of the photo. */
function toBitmap(part: Rectangle, photo: Size, full: Size): Rectangle {
  const [across, down] = [full.width / photo.width, full.height / photo.height];
  return {
    left: part.left * across,
    top: part.top * down,
    width: part.width * across,
    height: part.height * down,
  };
}
