import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import {
  modelsPage,
  monitorPart,
  place,
  runsPage,
  settingMark,
  settingsGroup,
  shownModel,
} from '../state/navigation.ts';
import type { Place } from '../state/navigation.ts';
import { originOpen, tryPage, unreadPutAway, walked, zoomed } from '../state/try-page.ts';
import type { UnreadPutAway } from '../state/try-page.ts';
import { clearNotices } from './inform.ts';
import { perform } from './perform.ts';

export function goTo(to: Place): void {
  clearNotices();
  settingMark.set(null);
  // A second press returns from a sub-page to the top of the screen.
  if (to === 'models' && place.get() === 'models') modelsPage.set({ kind: 'list' });
  if (to === 'runs' && place.get() === 'runs') showRuns();
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

/** Settings, at one row, which is marked and has the focus. */
export function showSetting(group: string, row: string): void {
  showSettings(group);
  settingMark.set(row);
}

/** Monitor, at what goes on this moment: workers, memory and what waits. */
export function showNow(): void {
  goTo('monitor');
  monitorPart.set('now');
}

export const showRuns = (): void => runsPage.set({ kind: 'list' });
export const showModels = (): void => modelsPage.set({ kind: 'list' });

export function showPhoto(index: number): void {
  walked.set(null);
  tryPage.set((now) =>
    now.kind === 'photos' ? { ...now, current: Math.max(0, Math.min(now.entries.length - 1, index)) } : now,
  );
}

/** Takes the line about unread photos away until another one fails. */
export const putAwayUnread = (away: UnreadPutAway): void => unreadPutAway.set(away);

/** Looks at one of the things that were found on a photo. */
export const walkTo = (photo: string, at: number): void => walked.set({ photo, at });

/** Closes what lies over the photo, one thing at a time; false when nothing does. */
export function closeTopmost({ withDrawer }: { readonly withDrawer: boolean }): boolean {
  if (withDrawer && originOpen.get()) originOpen.set(false);
  else if (walked.get() !== null) walked.set(null);
  else if (zoomed.get() !== null) zoomed.set(null);
  else return false;
  return true;
}
