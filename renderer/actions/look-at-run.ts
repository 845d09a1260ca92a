import type { RunSort } from '../../contract/runs/run.ts';
import { changeLook, isFiltered, noFilter, nonePicked, walkOrder } from '../state/run-look.ts';
import type { ShownRun, Show } from '../state/run-look.ts';
import { walked } from '../state/try-page.ts';

const top = { focused: 0, isOpen: false, anchor: null, pressed: null } as const;

export function openRow(run: string, index: number): void {
  walked.set(null);
  changeLook(run, { focused: index, isOpen: true });
}
export function closeRow(run: string): void {
  walked.set(null);
  changeLook(run, { isOpen: false });
}
/** The row that a person goes to, and its item where that is known; what was picked is picked no more. */
export const focusRow = (run: string, index: number, pressed: number | null = null): void => {
  const focused = Math.max(0, index);
  changeLook(run, { focused, anchor: focused, pressed, picked: nonePicked });
};
export const showRows = (run: string, show: Show): void =>
  changeLook(run, { ...top, show, label: null, fault: null });
/** Only photos with a label; null: any. */
export const showLabel = (run: string, label: string | null): void =>
  changeLook(run, { ...top, show: 'all', label, fault: null });
/** Only what failed with a code; null: whatever failed. */
export const showFault = (run: string, fault: string | null): void =>
  changeLook(run, { ...top, show: 'faults', label: null, fault });
export const searchRows = (run: string, search: string): void =>
  changeLook(run, { ...top, search: search.slice(0, 200) });
/** The first row of the new order is looked at. */
export const sortRows = (run: string, sort: RunSort): void => changeLook(run, { ...top, sort });

/** Photos of a camera, a site or a period, or those to review, beside what else the list is filtered by; null: any. */
export const narrowRows = (
  run: string,
  change: Partial<Pick<ShownRun, 'camera' | 'site' | 'from' | 'to' | 'review' | 'duplicates'>>,
): void => changeLook(run, { ...top, ...change });
export const showAllRows = (run: string): void => changeLook(run, { ...top, ...noFilter });

/** Shows an item of the run large, in the whole list as it was walked. */
export function showItem(run: string, seq: number): void {
  showAllRows(run);
  changeLook(run, { sort: walkOrder });
  openRow(run, seq);
}

/** Shows the first photo of which nobody has said what is on it, with the others behind it. */
export function reviewRest(run: string): void {
  showAllRows(run);
  walked.set(null);
  changeLook(run, { review: 'open', isOpen: true });
}

/** Esc in the list where nothing is picked: what was searched for first, then what it is filtered by, then nothing any more. */
export function clearFilter(now: ShownRun): boolean {
  if (now.search !== '') searchRows(now.run, '');
  else if (isFiltered(now)) showAllRows(now.run);
  else return false;
  return true;
}
