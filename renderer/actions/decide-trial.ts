import type { VersionRef } from '../../contract/lifecycle/timeline.ts';
import { shownModel } from '../state/navigation.ts';
import { announce } from '../state/notices.ts';
import { keepInstead, switchTo } from './lifecycle.ts';
import { showModels } from './move.ts';

/** A person decides after a trial; back in the room the timeline shows what came of it. */
export async function decideTrial(name: VersionRef, choice: 'switch' | 'keep'): Promise<void> {
  const isDone = await (choice === 'switch' ? switchTo(name) : keepInstead(name));
  shownModel.set(name.model);
  showModels();
  if (isDone) announce(`trial.told.${choice}`, { version: name.version });
}
