import type { ReactNode } from 'react';
import type { LabelScore } from '../../contract/labels.ts';

/** What the window shows of a result of one task. */
export type TaskView<R> = {
  /** Rows of the list beside the photo, best first. `labelCount`: how many more there could be; null where that says nothing. */
  listed(result: R): { readonly entries: readonly LabelScore[]; readonly labelCount: number | null };
  /** A word for the whole photo in the strip below it; null where nothing was found. */
  word(result: R): string | null;
  /** What is drawn over the photo, which is shown `scale` times its size. */
  readonly Overlay: (props: { readonly result: R; readonly scale: number }) => ReactNode;
  /** Key of the words for the button that shows and hides the overlay. */
  readonly overlayKey: 'photo.square' | 'photo.boxes';
};
