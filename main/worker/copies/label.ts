import type { Pixels } from '../decoder.ts';
import { colourOf, edgeOf, fill } from './draw.ts';
import type { Area } from './draw.ts';
import type { Coverage, Letters } from './letters.ts';

/** Share of the longer side of the photo. */
const sizeShare = 1 / 50;
/** Below it letters are not told apart. */
const smallestSize = 11;

type Label = { readonly box: readonly number[]; readonly index: number; readonly text: string };

/**
 * Writes a label beside its box, dark on the colour of the box, within the picture and beside the labels that are `taken`;
 * returns where. Too long for the picture, it ends in an ellipsis.
 */
export function drawLabel(
  picture: Pixels,
  { box, index, text }: Label,
  { letters, taken }: { readonly letters: Letters; readonly taken: readonly Area[] },
): Area {
  const { outWidth, outHeight } = picture;
  const size = Math.max(smallestSize, Math.round(Math.max(outWidth, outHeight) * sizeShare));
  const padding = Math.max(2, Math.round(size / 4));
  const written = letters.cover(
    fitText(text.normalize('NFC'), { letters, size, most: outWidth - 2 * padding }),
    size,
  );
  const area = placeOf(picture, {
    box,
    taken,
    width: written.width + 2 * padding,
    height: written.height + 2,
  });
  fill(picture, area, colourOf(index));
  ink(picture, written, { left: area.left + padding, top: area.top + 1 });
  return area;
}

type Fitting = { readonly letters: Letters; readonly size: number; readonly most: number };
function fitText(text: string, { letters, size, most }: Fitting): string {
  if (letters.width(text, size) <= most) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && letters.width(`${characters.join('')}…`, size) > most) characters.pop();
  return `${characters.join('')}…`;
}

type Placing = {
  readonly box: readonly number[];
  readonly taken: readonly Area[];
  readonly width: number;
  readonly height: number;
};

/** Above the box, else in it at the top, below it, or in it at the bottom; first at its left, then at its right. */
function placeOf(picture: Pixels, { box, taken, width, height }: Placing): Area {
  const { outWidth, outHeight } = picture;
  const edge = edgeOf(picture);
  const [left, top, right, bottom] = box.map(Math.round) as [number, number, number, number];
  const within = (value: number, most: number): number => Math.max(0, Math.min(value, most));
  const places = [top - edge - height, top + edge, bottom + edge, bottom - edge - height].flatMap((y) =>
    [left - edge, right + edge - width].map((x) => {
      const at = { left: within(x, outWidth - width), top: within(y, outHeight - height) };
      return { ...at, right: at.left + width, bottom: at.top + height, isWhole: at.top === y };
    }),
  );
  const free = places.filter((place) => !taken.some((other) => overlaps(place, other)));
  return (
    free.find(({ isWhole }) => isWhole) ?? free[0] ?? places.find(({ isWhole }) => isWhole) ?? places[0]!
  );
}

const overlaps = (one: Area, other: Area): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

function ink(
  { pixels, outWidth, outHeight }: Pixels,
  written: Coverage,
  at: { left: number; top: number },
): void {
  for (let y = 0; y < written.height && at.top + y < outHeight; y += 1)
    for (let x = 0; x < written.width && at.left + x < outWidth; x += 1) {
      const light = 1 - written.values[y * written.width + x]! / 255;
      const start = ((at.top + y) * outWidth + at.left + x) * 3;
      for (let channel = start; channel < start + 3; channel += 1)
        pixels[channel] = Math.round(pixels[channel]! * light);
    }
}
