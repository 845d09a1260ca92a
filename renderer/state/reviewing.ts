import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import { cell } from './cell.ts';

/** The last thing that a person said of a photo, and how to get back to it. */
type PhotoVerdict = {
  readonly photo: string;
  readonly record: PredictionRecord;
  /** What had been said of it before; null for nothing. */
  readonly before: { readonly id: string; readonly name: string } | null;
  readonly back: () => void;
  /** It left its list by what was said, and comes back when that is taken back. */
  readonly hasLeft: boolean;
};
/** What was said of all selected photos at once. */
type SelectionVerdict = { readonly takeBack: () => Promise<void> };
export const lastVerdict = cell<PhotoVerdict | SelectionVerdict | null>(null);
