import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import { cell } from './cell.ts';

/** The file of the context menu, and the menu's position on the page in CSS pixels. */
export type FileMenuFor = {
  readonly x: number;
  readonly y: number;
  readonly ref: string;
  readonly name: string;
  /** The model's answer: loaded, or to be loaded by its position in a run; null when there is none. */
  readonly answer:
    | { readonly kind: 'record'; readonly record: PredictionRecord }
    | { readonly kind: 'row'; readonly run: string; readonly seq: number }
    | null;
  /** The element that gets the focus back. */
  readonly from: Element | null;
  /** Opens the photo enlarged, where it is not already. */
  readonly show?: () => void;
};
/** The selected photos of a run's list, and where their menu is; `from` gets the focus back. */
export type PickedMenuFor = Pick<FileMenuFor, 'x' | 'y' | 'from'> & { readonly run: string };
export const pickedMenu = cell<PickedMenuFor | null>(null);
export const fileMenu = cell<FileMenuFor | null>(null);
/** Digest of the photo whose correct label is being chosen. */
export const choosingLabel = cell<string | null>(null);
/** Whether a file of this window is being dragged: it must not be handled as a dropped one. */
export const draggingOut = cell(false);
