import { memo } from 'react';
import type { Box, Size } from '../../../contract/pictures/boxes.ts';
import { colourOf } from './colours.ts';

export type MarkedBox = { readonly box: Box; readonly index: number };
type BoxMarksProps = {
  /** Best first, in pixels of the photo. */
  readonly boxes: readonly MarkedBox[];
  readonly photo: Size;
};

/** Most boxes on a small picture. */
const most = 24;

/** Boxes on a thumbnail that is cropped like `object-fit: cover`. */
export const BoxMarks = memo(function BoxMarks({ boxes, photo: { width, height } }: BoxMarksProps) {
  const shown = boxes.slice(0, most);
  if (shown.length === 0) return null;
  return (
    <svg
      className="box-marks"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {shown.map(({ box: [left, top, right, bottom], index }, at) => {
        const sides = { x: left, y: top, width: right - left, height: bottom - top };
        return (
          // Boxes have no ids and are never reordered, so the index is a valid key.
          <g key={at}>
            <rect {...sides} className="box-mark-edge" />
            <rect {...sides} className="box-mark" stroke={colourOf(index)} />
          </g>
        );
      })}
    </svg>
  );
});
