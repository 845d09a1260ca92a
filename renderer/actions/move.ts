import { notice, place } from '../state/place.ts';
import type { Place } from '../state/place.ts';
import { trial } from '../state/trial.ts';
import type { RunTrial, Show } from '../state/trial.ts';

export function goTo(to: Place): void {
  notice.set(null);
  place.set(to);
}

export function showPhoto(index: number): void {
  trial.set((now) =>
    now.kind === 'photos' ? { ...now, current: Math.max(0, Math.min(now.entries.length - 1, index)) } : now,
  );
}

/** Back to the drop area. A run that is under way goes on. */
export function startOver(): void {
  trial.set({ kind: 'empty' });
}

export const openRow = (index: number): void => changeRun({ focused: index, isOpen: true });
export const closeRow = (): void => changeRun({ isOpen: false });
export const focusRow = (index: number): void => changeRun({ focused: Math.max(0, index) });
export const showRows = (show: Show): void => changeRun({ show, focused: 0, isOpen: false });
export const searchRows = (search: string): void =>
  changeRun({ search: search.slice(0, 200), focused: 0, isOpen: false });

function changeRun(change: Partial<RunTrial>): void {
  trial.set((now) => (now.kind === 'run' ? { ...now, ...change } : now));
}
