import type { PredictionRecord } from '../../contract/prediction.ts';
import { cell } from './cell.ts';

/** A file that a menu was asked for, and where on the page, in CSS pixels. */
export type FileMenuFor = {
  readonly x: number;
  readonly y: number;
  readonly ref: string;
  readonly name: string;
  /** What the model said of it: at hand, or to be asked for by its place in a run; null where it has no answer. */
  readonly answer:
    | { readonly kind: 'record'; readonly record: PredictionRecord }
    | { readonly kind: 'row'; readonly run: string; readonly seq: number }
    | null;
  /** What had the focus, and gets it back. */
  readonly from: Element | null;
  /** Shows the photo large, where it is not. */
  readonly show?: () => void;
};
export const fileMenu = cell<FileMenuFor | null>(null);
/** Digest of the photo whose right label is being chosen from a list. */
export const choosingLabel = cell<string | null>(null);
/** A file of this window is being dragged: it is not to be taken as one that is brought. */
export const draggingOut = cell(false);
