import type { Box, Size } from '../../../contract/pictures/boxes.ts';
import { chipWidth } from './chip-width.ts';
import { colourOf } from './colours.ts';
import { placeChips } from './place-chips.ts';
import { useHeld } from './use-held.ts';

/** `box` in pixels of the photo after its orientation is applied; `index` of the label selects the colour. */
type LabelledBox = { readonly box: Box; readonly caption: string; readonly index: number };
type BoxLayerProps = {
  /** Best first: where chips would overlap, the first one is shown. */
  readonly boxes: readonly LabelledBox[];
  /** Size of the photo in pixels. */
  readonly photo: Size;
  /** CSS pixels per pixel of the photo. */
  readonly scale: number;
  /** Index in `boxes` of the selected one. */
  readonly walked: number | null;
};

const chipHeight = 22;
/** Smallest side of a frame in CSS pixels, for things of a few pixels. */
const leastSide = 8;

/** Boxes over a photo, each with its label on a chip, or only that of the selected one; hidden while H is held. */
export function BoxLayer({ boxes, photo: { width, height }, scale, walked }: BoxLayerProps) {
  const isHidden = useHeld('h');
  if (isHidden) return null;
  const drawn = placed(boxes, { width: width * scale, height: height * scale }, { scale, walked });
  return (
    <span className="boxes" aria-hidden="true">
      {drawn.map(({ box: [left, top, right, bottom], index, isWalked }, at) => (
        // Boxes have no ids and are never reordered, so the index is a valid key.
        <span
          key={at}
          className={isWalked ? 'box walked' : 'box'}
          style={{
            left,
            top,
            width: right - left,
            height: bottom - top,
            zIndex: drawn.length - at,
            borderColor: colourOf(index),
          }}
        />
      ))}
      {drawn.map(({ place, chip, caption, index }, at) =>
        place ? (
          <span
            key={at}
            className="box-chip"
            style={{ ...place, width: chip.width, backgroundColor: colourOf(index) }}
          >
            {caption}
          </span>
        ) : null,
      )}
    </span>
  );
}

/** The position in CSS pixels of the displayed photo. */
function placed(
  boxes: readonly LabelledBox[],
  shown: Size,
  { scale, walked }: Pick<BoxLayerProps, 'scale' | 'walked'>,
) {
  const all = boxes.map(({ box, caption, index }, at) => ({
    caption,
    index,
    box: atLeast(scaled(box, scale), shown),
    chip: { width: chipWidth(caption, shown.width), height: chipHeight },
    isWalked: at === walked,
  }));
  const [chosen] = all.filter(({ isWalked }) => isWalked);
  if (chosen) {
    const [place = null] = placeChips([chosen], shown);
    return [
      { ...chosen, place },
      ...all.filter((each) => each !== chosen).map((each) => ({ ...each, place: null })),
    ];
  }
  const places = placeChips(all, shown);
  return all.map((each, at) => ({ ...each, place: places[at] ?? null }));
}

const scaled = ([left, top, right, bottom]: Box, by: number): Box => [
  left * by,
  top * by,
  right * by,
  bottom * by,
];

/** Enlarged to a visible size around the same centre, within the photo. */
function atLeast([left, top, right, bottom]: Box, { width, height }: Size): Box {
  const [from, to] = widened(left, right, width);
  const [above, below] = widened(top, bottom, height);
  return [from, above, to, below];
}

function widened(from: number, to: number, most: number): readonly [number, number] {
  const missing = Math.min(leastSide, most) - (to - from);
  if (missing <= 0) return [from, to];
  const start = Math.min(Math.max(0, from - missing / 2), most - (to - from) - missing);
  return [start, start + (to - from) + missing];
}
