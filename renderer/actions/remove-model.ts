import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import { shownModel } from '../state/navigation.ts';
import { announce } from '../state/notices.ts';
import { removeModel } from './lifecycle.ts';

/** Takes an added model off this computer; the one in use takes its place on the page. */
export async function removeAddedModel({ model, title }: Timeline): Promise<void> {
  if (!(await removeModel(model))) return;
  if (shownModel.get() === model) shownModel.set(null);
  announce('models.removed', { title });
}
