import type { Box } from '../../../contract/pictures/boxes.ts';
import type { Pixels } from '../decoder.ts';

type Rgb = readonly [number, number, number];
/** Told apart also by those who see no red or green. Source: Okabe and Ito, Color Universal Design. */
const colours: readonly Rgb[] = [
  [240, 228, 66],
  [86, 180, 233],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
];
export type Area = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

export const colourOf = (index: number): Rgb => colours[index % colours.length]!;
/** Pixels of the dark line and of the bright one of a box in this picture. */
export const edgeOf = ({ outWidth, outHeight }: Pixels): number =>
  Math.max(2, Math.round(Math.max(outWidth, outHeight) / 400));

/** Draws the edge of a box into the pixels: bright inside dark, so that it is seen on any photo. */
export function drawBox(picture: Pixels, box: Box, index: number): void {
  const thick = edgeOf(picture);
  const [left, top, right, bottom] = box.map(Math.round) as [number, number, number, number];
  const colour = colourOf(index);
  for (const [grow, paint] of [
    [thick, [0, 0, 0] as Rgb],
    [0, colour],
  ] as const) {
    const [l, t, r, b] = [left - grow, top - grow, right + grow, bottom + grow];
    fill(picture, { left: l, top: t, right: r, bottom: t + thick }, paint);
    fill(picture, { left: l, top: b - thick, right: r, bottom: b }, paint);
    fill(picture, { left: l, top: t, right: l + thick, bottom: b }, paint);
    fill(picture, { left: r - thick, top: t, right: r, bottom: b }, paint);
  }
}

/** Squares across the shorter side of what is blurred: a face is then two or three of them. */
const squaresAcross = 6;
/** Share of its sides by which a box grows: what a detector cuts off at the edge is still a person's. */
const margin = 0.1;

/** Puts the mean of each large square in its place: unlike a blur, this cannot be calculated back. */
export function blurBox(picture: Pixels, [left, top, right, bottom]: Box): void {
  const [across, down] = [(right - left) * margin, (bottom - top) * margin];
  const area = within(picture, {
    left: Math.floor(left - across),
    top: Math.floor(top - down),
    right: Math.ceil(right + across),
    bottom: Math.ceil(bottom + down),
  });
  const shorter = Math.min(area.right - area.left, area.bottom - area.top);
  const side = Math.max(8, Math.ceil(shorter / squaresAcross));
  for (let y = area.top; y < area.bottom; y += side)
    for (let x = area.left; x < area.right; x += side) {
      const square = {
        left: x,
        top: y,
        right: Math.min(x + side, area.right),
        bottom: Math.min(y + side, area.bottom),
      };
      fill(picture, square, meanOf(picture, square));
    }
}

function meanOf({ pixels, outWidth }: Pixels, { left, top, right, bottom }: Area): Rgb {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    const end = (y * outWidth + right) * 3;
    for (let at = (y * outWidth + left) * 3; at < end; at += 3) {
      red += pixels[at]!;
      green += pixels[at + 1]!;
      blue += pixels[at + 2]!;
    }
  }
  const count = (right - left) * (bottom - top);
  return [Math.round(red / count), Math.round(green / count), Math.round(blue / count)];
}

/** Its first row pixel by pixel, the others as copies of that. */
export function fill(picture: Pixels, area: Area, colour: Rgb): void {
  const { pixels, outWidth } = picture;
  const { left, top, right, bottom } = within(picture, area);
  if (left >= right) return;
  const startOf = (y: number): number => (y * outWidth + left) * 3;
  const [start, bytes] = [startOf(top), (right - left) * 3];
  for (let y = top; y < bottom; y += 1)
    if (y > top) pixels.copyWithin(startOf(y), start, start + bytes);
    else for (let at = start; at < start + bytes; at += 3) pixels.set(colour, at);
}

const within = ({ outWidth, outHeight }: Pixels, { left, top, right, bottom }: Area): Area => ({
  left: Math.max(0, left),
  top: Math.max(0, top),
  right: Math.min(outWidth, right),
  bottom: Math.min(outHeight, bottom),
});
