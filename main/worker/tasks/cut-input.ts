import type { Rectangle } from '../../../contract/pictures/boxes.ts';
import { ok } from '../../../contract/faults/faults.ts';
import { seenOf, type Picture } from '../decoder.ts';
import { decodeSpec } from '../preprocess.ts';
import type { TaskInput } from './task.ts';

/**
 * A part of a decoded picture, as an input of its own: what a task's steps do to a photo they do to this part, and nothing
 * is decoded again. `part` is in pixels of the photo as a person sees it, and so is what comes back as `seen`.
 */
export function cutInput(input: TaskInput, whole: Picture, part: Rectangle): TaskInput {
  const { outWidth, outHeight, width, height } = whole;
  const [x, y] = [outWidth / width, outHeight / height];
  const inside = onGrid(part, { x, y, outWidth, outHeight });
  return {
    ...input,
    thorough: false,
    picture: async (steps) => {
      const { seen, resize } = seenOf(inside, decodeSpec(steps));
      const place = { ...seen, left: inside.left + seen.left, top: inside.top + seen.top };
      const isAsLarge = resize?.width === seen.width && resize.height === seen.height;
      const pixels = await input.cut(whole, place, isAsLarge ? null : resize);
      return ok({
        ...pixels,
        width,
        height,
        seen: {
          left: place.left / x,
          top: place.top / y,
          width: place.width / x,
          height: place.height / y,
        },
      });
    },
  };
}

/** In whole pixels of what was decoded: at least one, none outside. */
function onGrid(
  { left, top, width, height }: Rectangle,
  {
    x,
    y,
    outWidth,
    outHeight,
  }: Pick<Picture, 'outWidth' | 'outHeight'> & { readonly x: number; readonly y: number },
): Rectangle {
  const from = (value: number, most: number): number => Math.min(most - 1, Math.max(0, Math.round(value)));
  const [first, row] = [from(left * x, outWidth), from(top * y, outHeight)];
  return {
    left: first,
    top: row,
    width: Math.max(1, Math.min(outWidth - first, Math.round(width * x))),
    height: Math.max(1, Math.min(outHeight - row, Math.round(height * y))),
  };
}
