import type { Selection } from '../../contract/calls.ts';
import type { RunState } from '../../contract/run.ts';
import { looksThoroughly } from '../../contract/tasks/index.ts';
import { client, valueOf } from '../state/client.ts';
import { place } from '../state/place.ts';
import { modelInUse, nameInUse } from '../state/model-in-use.ts';
import { selected, thorough, trial } from '../state/trial.ts';
import type { PhotosTrial } from '../state/trial.ts';
import { answerPhotos } from './answer-photos.ts';
import { clearNotices } from './inform.ts';
import { perform } from './perform.ts';

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
  const run = await perform('runs.start', { selection: selection.id, ...asked });
  if (run) showRun(run);
}

/** Runs over what was chosen last once more, as it would be asked now. */
export async function runAgain(): Promise<void> {
  const asked = await currentRequest();
  const selection = selected.get();
  if (asked === null || selection === null) return;
  const run = await perform('runs.start', { selection, ...asked });
  if (run) showRun(run);
}

function showRun(run: RunState): void {
  client.setQueryData(['run', run.id, 'state'], run);
  trial.set({
    kind: 'run',
    run: run.id,
    title: run.title,
    show: 'all',
    label: null,
    search: '',
    focused: 0,
    isOpen: false,
  });
}

/** What answers, and how: `thorough` only of a model that can. */
export async function currentRequest(): Promise<Pick<PhotosTrial, 'model' | 'thorough'> | null> {
  const [models, settings] = await Promise.all([
    client.ensureQueryData({ queryKey: ['models'], queryFn: () => valueOf('models.list', undefined) }),
    client.ensureQueryData({ queryKey: ['settings'], queryFn: () => valueOf('settings.get', undefined) }),
  ]);
  const inUse = modelInUse(models, settings.model);
  if (!inUse) return null;
  const isThorough = thorough.get() && looksThoroughly(inUse.task);
  return { model: nameInUse(inUse, settings.model), thorough: isThorough };
}
