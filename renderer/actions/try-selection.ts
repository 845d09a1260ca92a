import type { Selection } from '../../contract/calls.ts';
import { client, valueOf } from '../state/client.ts';
import { place } from '../state/place.ts';
import { modelInUse, nameInUse } from '../state/model-in-use.ts';
import { selected, trial } from '../state/trial.ts';
import { answerPhotos } from './answer-photos.ts';
import { clearNotices } from './inform.ts';
import { perform } from './perform.ts';

/** Shows what was chosen and answers it: a few photos one by one, a folder or many as a run. */
export async function trySelection(selection: Selection, first = 0): Promise<void> {
  const model = await currentModel();
  place.set('try');
  clearNotices();
  selected.set(selection.id);
  if (model === null) return;
  if (!selection.many) {
    if (selection.files.length > 0) answerPhotos(selection.files, model, first);
    return;
  }
  const run = await perform('runs.start', { selection: selection.id, model });
  if (!run) return;
  client.setQueryData(['run', run.id, 'state'], run);
  trial.set({
    kind: 'run',
    run: run.id,
    title: run.title,
    show: 'all',
    search: '',
    focused: 0,
    isOpen: false,
  });
}

export async function currentModel(): Promise<string | null> {
  const [models, settings] = await Promise.all([
    client.ensureQueryData({ queryKey: ['models'], queryFn: () => valueOf('models.list', undefined) }),
    client.ensureQueryData({ queryKey: ['settings'], queryFn: () => valueOf('settings.get', undefined) }),
  ]);
  const inUse = modelInUse(models, settings.model);
  return inUse && nameInUse(inUse, settings.model);
}
