import type { RunFilter, RunPageQuery, RunSort } from '../../contract/run.ts';
import { cell, useCell } from './cell.ts';

export type Show = RunPageQuery['show'];
/** What of a run's items is shown, and how: the same wherever the run is looked at. */
type RunLook = {
  readonly show: Show;
  /** Only photos with this label; null: any. */
  readonly label: string | null;
  /** Only what failed with this code; null: any. */
  readonly fault: string | null;
  readonly search: string;
  readonly sort: RunSort;
  /** Position in the list as it is shown. */
  readonly focused: number;
  /** The photo at that position is shown large. */
  readonly isOpen: boolean;
};
export type ShownRun = RunLook & { readonly run: string };

/** As the walk met them. */
export const walkOrder: RunSort = { by: 'walk', descending: false };
const first: RunLook = {
  show: 'all',
  label: null,
  fault: null,
  search: '',
  sort: walkOrder,
  focused: 0,
  isOpen: false,
};
const looks = cell<ReadonlyMap<string, RunLook>>(new Map());

export function useShownRun(run: string): ShownRun {
  return { ...(useCell(looks).get(run) ?? first), run };
}

/** Which items of the run are shown, as main is asked for them. */
export function filterOf({
  show,
  search,
  unsureBelow,
  label = null,
  fault = null,
}: Pick<RunFilter, 'show' | 'search' | 'unsureBelow'> & {
  readonly label?: string | null;
  readonly fault?: string | null;
}): RunFilter {
  return { show, search, unsureBelow, ...(label !== null && { label }), ...(fault !== null && { fault }) };
}

export function changeLook(run: string, change: Partial<RunLook>): void {
  looks.set((before) => new Map(before).set(run, { ...(before.get(run) ?? first), ...change }));
}

/** A run that is started or opened anew begins at the top of its whole list. */
export function forgetLook(run: string): void {
  looks.set((before) => new Map([...before].filter(([name]) => name !== run)));
}
