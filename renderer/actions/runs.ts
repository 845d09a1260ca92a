import type { RunState } from '../../contract/runs/run.ts';
import { client } from '../state/client.ts';
import { place, runsPage } from '../state/navigation.ts';
import { forgetLook } from '../state/run-look.ts';
import { tryPage } from '../state/try-page.ts';
import { giveUp } from './answer-photos.ts';
import { clearNotices, inform } from './inform.ts';
import { perform } from './perform.ts';

/** Shows a run in Runs, wherever the person is. */
export function showRun(run: RunState): void {
  clearNotices();
  client.setQueryData(['run', run.id, 'state'], run);
  runsPage.set({ kind: 'run', run: run.id });
  place.set('runs');
}

/** The same for one that is known by its id alone. */
export async function showRunById(run: string): Promise<void> {
  const state = await perform('runs.get', { run });
  if (state) showRun(state);
}

/** Shows a run in Try, where it was started from what was chosen there. */
export function tryRun(run: RunState): void {
  if (tryPage.get().kind === 'photos') giveUp();
  client.setQueryData(['run', run.id, 'state'], run);
  forgetLook(run.id);
  tryPage.set({ kind: 'run', run: run.id, title: run.title });
  place.set('try');
}

/** To the run that is under way: stays where it is shown already. */
export function followRun(run: RunState): void {
  const now = tryPage.get();
  if (place.get() !== 'try' || now.kind !== 'run' || now.run !== run.id) showRun(run);
}

export const stopRun = (run: string): Promise<void> => change('runs.stop', run);
export const pauseRun = (run: string): Promise<void> => change('runs.pause', run);
export const retryRun = (run: string): Promise<void> => change('runs.retry', run);

/** Goes on with a run where it was. */
export const goOnWithRun = (run: string): Promise<void> => change('runs.resume', run);

/** A new run over the same inputs: with the version that answered before, or with this model. */
export async function runOnceMore(run: string, model?: string): Promise<void> {
  const after = await perform('runs.again', { run, ...(model !== undefined && { model }) });
  if (!after) return;
  note(after);
  showRun(after);
}

/** Every failed file with its path and reason; null where they did not get onto the clipboard. */
export async function copyFaults(run: string): Promise<number | null> {
  return (await perform('runs.copyFaults', { run }))?.count ?? null;
}

/** Takes a run off the list; until the window closes it can be brought back. */
export async function removeRun({ id, title }: RunState): Promise<void> {
  if ((await perform('runs.remove', { run: id })) === null) return;
  tryPage.set((now) => (now.kind === 'run' && now.run === id ? { kind: 'empty' } : now));
  runsPage.set((now) => (now.kind === 'run' && now.run === id ? { kind: 'list' } : now));
  forgetLook(id);
  await client.invalidateQueries({ queryKey: ['runs'] });
  inform({
    key: 'runs.removed',
    values: { title },
    undo: () =>
      void perform('runs.restore', { run: id }).then(() => client.invalidateQueries({ queryKey: ['runs'] })),
  });
}

async function change(
  name: 'runs.stop' | 'runs.pause' | 'runs.retry' | 'runs.resume',
  run: string,
): Promise<void> {
  const after = await perform(name, { run });
  if (after) note(after);
}

function note(run: RunState): void {
  client.setQueryData(['run', run.id, 'state'], run);
  void client.invalidateQueries({ queryKey: ['runs'] });
}
