import { cell } from './cell.ts';
import type { Exporting } from './exporting.ts';

/** A photo by which a clock is set right: what its camera's clock said, `2021-04-11T20:43:09`. */
export type ClockPhoto = { readonly name: string; readonly takenAt: string };
/** The dialog for sites and clocks of a run; null while it is closed. */
export type Places = {
  readonly run: string;
  /** The one that is changed; empty for all photos. */
  readonly folder: string;
  readonly photo: ClockPhoto | null;
  /** The export that it was opened from, which goes on when it is closed. */
  readonly from: Exporting | null;
};
export const places = cell<Places | null>(null);
