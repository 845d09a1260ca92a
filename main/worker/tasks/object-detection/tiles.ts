import type { Box, Rectangle, Size } from '../../../../contract/pictures/boxes.ts';

/**
 * Tiles show a photo at most so many times as large as the whole look does. Four times found no more on camera-trap photos,
 * took four times as long, and called leaves and stones animals.
 */
const mostZoom = 2;
/** What gains less in size is no look of its own. */
const leastZoom = 1.25;
/** Share of a tile's side that the next one shows, too: what is no larger lies whole in one of them. */
const overlap = 0.25;
/** Share of a tile's side by which a detector misses a border where a thing is cut. */
const slack = 0.01;
/** Of a pixel: borders of tiles are quotients. */
const half = 0.5;

/** `size`: what the photo is scaled to before tiles are cut out of it. */
type Tiling = { readonly size: Size; readonly tiles: readonly Rectangle[] };

/**
 * Tiles as large as the input, out of a photo that is scaled to `mostZoom` times what fits into the input, or that has no
 * more pixels. What is larger than the overlap of two tiles may be cut by all, and is large enough for the whole look.
 * Null: the whole look shows (nearly) all that there is.
 */
export function planTiles(photo: Size, input: Size): Tiling | null {
  const scale = Math.min(input.width / photo.width, input.height / photo.height);
  const zoom = Math.min(mostZoom, 1 / scale);
  if (zoom < leastZoom) return null;
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale * zoom));
  const size = { width: scaled(photo.width), height: scaled(photo.height) };
  const width = Math.min(size.width, input.width);
  const height = Math.min(size.height, input.height);
  const tiles = startsOf(size.height, height).flatMap((top) =>
    startsOf(size.width, width).map((left) => ({ left, top, width, height })),
  );
  return { size, tiles };
}

/** Where tiles of this length begin, evenly, so that they show all of it and neighbours share `overlap` of their length. */
function startsOf(whole: number, length: number): readonly number[] {
  const steps = Math.ceil((whole - length) / Math.max(1, Math.floor(length * (1 - overlap))));
  return Array.from({ length: steps + 1 }, (_, step) =>
    step === 0 ? 0 : Math.floor((step * (whole - length)) / steps),
  );
}

/**
 * Whether a box ends at a border of its tile that is none of the photo: it shows a part of what another look shows whole.
 * All in pixels of the photo.
 */
export function isCut(box: Box, { left, top, width, height }: Rectangle, photo: Size): boolean {
  const [right, bottom] = [left + width, top + height];
  const [x, y] = [slack * width, slack * height];
  return (
    (left > 0 && box[0] < left + x) ||
    (top > 0 && box[1] < top + y) ||
    (right < photo.width - half && box[2] > right - x) ||
    (bottom < photo.height - half && box[3] > bottom - y)
  );
}
