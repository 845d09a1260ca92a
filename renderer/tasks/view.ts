import type { ReactNode } from 'react';
import type { Box } from '../../contract/pictures/boxes.ts';
import type { LabelScore } from '../../contract/packs/labels.ts';

/** A row of the list beside the photo; `box` in pixels of the photo, where what is named has a place on it. */
export type ListedEntry = LabelScore & { readonly box?: Box };

export type Listed = {
  readonly entries: readonly ListedEntry[];
  readonly labelCount: number | null;
  /** Each label is scored by itself: several may hold, or none, and the scores have no sum. Absent: they are shares of one. */
  readonly isIndependent?: boolean;
};

/** What the window shows of a result of one task. */
export type TaskView<R> = {
  /** Rows of the list beside the photo, best first. `labelCount`: how many there could be, where those below the
   * threshold are shown too, greyed; null where only what counts is listed. */
  listed(result: R): Listed;
  /** The whole photo in a word or two, in the strip below it; null where nothing was found. */
  word(result: R, above: number, language: string): string | null;
  /** What stands over the list, from the threshold on; null for the usual heading. */
  heading(result: R, above: number, language: string): string | null;
  /** The pack's own threshold, 0 to 1; null where the window's is used. */
  packThreshold(result: R): number | null;
  /** In place of the list, where the result names nothing; absent: it names something. There is no threshold then, and photos
   * that are like this one stand below it. */
  readonly Wordless?: (props: { readonly result: R }) => ReactNode;
  /** What is drawn over the photo, which is shown `scale` times its size; `above` is the threshold, `walked` the place
   * among the entries of the one that a person looks at. */
  readonly Overlay: (props: {
    readonly result: R;
    readonly scale: number;
    readonly above: number;
    readonly walked: number | null;
  }) => ReactNode;
  /** The letter that hides the overlay while it is held; absent: none does. */
  readonly hideKey?: string;
  /** Translation key of the label of the button that shows and hides the overlay. */
  readonly overlayKey: 'photo.square' | 'photo.boxes';
};
