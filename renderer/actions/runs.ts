import type { RunState } from '../../contract/run.ts';
import { client } from '../state/client.ts';
import { place } from '../state/place.ts';
import { trial } from '../state/trial.ts';
import { giveUp } from './answer-photos.ts';
import { inform } from './inform.ts';
import { perform } from './perform.ts';

/** Shows a run in Try, wherever the person is; photos that are being answered there make room for it. */
export function showRun(run: RunState): void {
  const now = trial.get();
  place.set('try');
  if (now.kind === 'run' && now.run === run.id) return;
  if (now.kind === 'photos') giveUp();
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

export const stopRun = (run: string): Promise<void> => change('runs.stop', run);
export const pauseRun = (run: string): Promise<void> => change('runs.pause', run);
export const retryRun = (run: string): Promise<void> => change('runs.retry', run);

/** Goes on with a run where it was, and shows it. */
export async function goOnWithRun(run: string): Promise<void> {
  const after = await perform('runs.resume', { run });
  if (!after) return;
  note(after);
  showRun(after);
}

/** Takes a run off the list; until the window closes it can be brought back. */
export async function removeRun({ id, title }: RunState): Promise<void> {
  if ((await perform('runs.remove', { run: id })) === null) return;
  trial.set((now) => (now.kind === 'run' && now.run === id ? { kind: 'empty' } : now));
  await client.invalidateQueries({ queryKey: ['runs'] });
  inform({
    key: 'runs.removed',
    values: { title },
    undo: () =>
      void perform('runs.restore', { run: id }).then(() => client.invalidateQueries({ queryKey: ['runs'] })),
  });
}

async function change(name: 'runs.stop' | 'runs.pause' | 'runs.retry', run: string): Promise<void> {
  const after = await perform(name, { run });
  if (after) note(after);
}

function note(run: RunState): void {
  client.setQueryData(['run', run.id, 'state'], run);
  void client.invalidateQueries({ queryKey: ['runs'] });
}
