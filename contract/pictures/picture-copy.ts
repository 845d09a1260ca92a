import type { Box } from './boxes.ts';

/** What a copy of a photo shows and tells. Boxes in pixels of the upright photo, which is `width` × `height`. */
export type CopyRequest = {
  readonly width: number;
  readonly height: number;
  /** Drawn, best first; `index` chooses the colour, `text` stands beside the box. */
  readonly marks: readonly { readonly box: Box; readonly index: number; readonly text: string }[];
  /** Made of large squares of one colour each, so that nobody is made out. */
  readonly blurs: readonly Box[];
  readonly exif: CopyExif;
};
/** What of the photo's own words about camera, time and place goes along. */
export type CopyExif = 'keep' | 'no-place' | 'strip';
