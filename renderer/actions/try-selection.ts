import type { Selection } from '../../contract/calls/calls.ts';
import { looksThoroughly } from '../../contract/tasks/index.ts';
import { client, valueOf } from '../state/client.ts';
import { place } from '../state/navigation.ts';
import { modelInUse, nameInUse } from '../state/model-in-use.ts';
import { selected, startedRun, thorough } from '../state/try-page.ts';
import type { PhotosPage, StartedRun } from '../state/try-page.ts';
import { answerPhotos } from './answer-photos.ts';
import { clearNotices } from './inform.ts';
import { perform } from './perform.ts';
import { tryRun } from './runs.ts';

/** Shows what was chosen and answers it: a few photos one by one, a folder or many as a run. */
export async function trySelection(selection: Selection, first = 0): Promise<void> {
  const asked = await currentRequest();
  place.set('try');
  clearNotices();
  selected.set(selection.id);
  if (asked === null) return;
  if (!selection.many) {
    if (selection.files.length > 0) answerPhotos(selection.files, asked, first);
    return;
  }
  await startRun(selection.id, asked);
}

/** Runs once more over what a run was started with, as it would be asked now. */
export async function runAgain({ selection }: StartedRun): Promise<void> {
  const asked = await currentRequest();
  if (asked !== null) await startRun(selection, asked);
}

async function startRun(selection: string, asked: Asked): Promise<void> {
  const run = await perform('runs.start', { selection, ...asked });
  if (!run) return;
  startedRun.set({ run: run.id, selection });
  tryRun(run);
}

type Asked = Pick<PhotosPage, 'model' | 'thorough'>;

/** What answers, and how: `thorough` only of a model that can. */
export async function currentRequest(): Promise<Asked | null> {
  const [models, settings] = await Promise.all([
    client.ensureQueryData({ queryKey: ['models'], queryFn: () => valueOf('models.list', undefined) }),
    client.ensureQueryData({ queryKey: ['settings'], queryFn: () => valueOf('settings.get', undefined) }),
  ]);
  const inUse = modelInUse(models, settings.model);
  if (!inUse) return null;
  const isThorough = thorough.get() && looksThoroughly(inUse.task);
  return { model: nameInUse(inUse, settings.model), thorough: isThorough };
}
