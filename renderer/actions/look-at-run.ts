import { changeLook } from '../state/run-look.ts';
import type { Show } from '../state/run-look.ts';
import { walked } from '../state/try-page.ts';

const top = { focused: 0, isOpen: false } as const;

export function openRow(run: string, index: number): void {
  walked.set(null);
  changeLook(run, { focused: index, isOpen: true });
}
export function closeRow(run: string): void {
  walked.set(null);
  changeLook(run, { isOpen: false });
}
export const focusRow = (run: string, index: number): void =>
  changeLook(run, { focused: Math.max(0, index) });
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
