import { useEffect } from 'react';
import type { MouseEvent, RefObject } from 'react';
import { areaOf } from '../../../contract/pictures/boxes.ts';
import type { Box } from '../../../contract/pictures/boxes.ts';
import type { Result } from '../../../contract/tasks/index.ts';
import { walkTo } from '../../actions/move.ts';
import { foundOn, useWalked } from '../../tasks/walk.ts';

type PhotoWalkParts = {
  readonly photo: string;
  readonly result: Result | null;
  readonly above: number;
  /** CSS pixels of one pixel of the photo; null before it is shown. */
  readonly scale: number | null;
  readonly well: RefObject<HTMLElement | null>;
};

/** Which of the boxes on a photo is looked at: it stays in view in a zoomed photo, and a click chooses the smallest below it. */
export function usePhotoWalk({ photo, result, above, scale, well }: PhotoWalkParts) {
  const boxes = result ? foundOn(result, above).map(({ box }) => box!) : [];
  const walked = useWalked(photo, boxes.length);
  const box = walked === null ? null : boxes[walked]!;
  useEffect(() => {
    const element = well.current;
    if (element && box && scale !== null) reveal(element, box, scale);
  }, [well, box, scale]);
  const click = (event: MouseEvent<HTMLElement>): void => {
    if (scale === null) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = smallestAt(boxes, (event.clientX - left) / scale, (event.clientY - top) / scale);
    if (at !== null) walkTo(photo, at);
  };
  return { walked, click };
}

/** Scrolls the well, and nothing around it, as little as brings the box into view. */
function reveal(well: HTMLElement, box: Box, scale: number): void {
  const photo = well.querySelector('.photo')?.getBoundingClientRect();
  if (!photo) return;
  const shown = well.getBoundingClientRect();
  const [left, top, right, bottom] = box;
  well.scrollBy(
    missing(
      [photo.left + left * scale, photo.left + right * scale],
      [shown.left, shown.left + well.clientWidth],
    ),
    missing(
      [photo.top + top * scale, photo.top + bottom * scale],
      [shown.top, shown.top + well.clientHeight],
    ),
  );
}

/** How far a span has to move into another; its start wins where it is the longer one. */
function missing([from, to]: readonly [number, number], [start, end]: readonly [number, number]): number {
  if (from < start) return from - start;
  return to > end ? Math.min(to - end, from - start) : 0;
}

function smallestAt(boxes: readonly Box[], x: number, y: number): number | null {
  let [found, least]: [number | null, number] = [null, Infinity];
  boxes.forEach((box, at) => {
    const [left, top, right, bottom] = box;
    const isInside = left <= x && x <= right && top <= y && y <= bottom;
    if (isInside && areaOf(box) < least) [found, least] = [at, areaOf(box)];
  });
  return found;
}
