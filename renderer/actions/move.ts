import type { Timeline } from '../../contract/timeline.ts';
import { modelsPage, notice, place, settingsGroup, shownModel } from '../state/place.ts';
import type { Place } from '../state/place.ts';
import { trial } from '../state/trial.ts';
import { perform } from './perform.ts';
import type { RunTrial, Show } from '../state/trial.ts';

export function goTo(to: Place): void {
  notice.set(null);
  // A second press leads from a page of a place back to the place.
  if (to === 'models' && place.get() === 'models') modelsPage.set({ kind: 'list' });
  place.set(to);
}

export function showTrial(model: string, version: string): void {
  goTo('models');
  modelsPage.set({ kind: 'trial', model, version });
}

/** The trial of a version, or its model where no trial is to be seen. */
export function showTrialOf(timeline: Timeline, version: string): void {
  if (timeline.trial?.to === version || timeline.progress?.version === version)
    return showTrial(timeline.model, version);
  shownModel.set(timeline.model);
  goTo('models');
  showModels();
}

export function showDeparture(): void {
  goTo('models');
  modelsPage.set({ kind: 'departure' });
}

/** A link asked for it; for one that is unknown here there is a notice, and the model in use. */
export async function showModel(model: string): Promise<void> {
  goTo('models');
  showModels();
  const known = await perform('lifecycle.show', { model });
  shownModel.set(known ? model : null);
}

/** Settings, at one of its groups. */
export function showSettings(group: string): void {
  settingsGroup.set(group);
  goTo('settings');
}

export const showModels = (): void => modelsPage.set({ kind: 'list' });

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
