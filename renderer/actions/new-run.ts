import type { Selection } from '../../contract/calls/calls.ts';
import { looksThoroughly } from '../../contract/tasks/index.ts';
import type { ModelSummary } from '../../contract/packs/model.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { newRun } from '../state/new-run.ts';
import type { Chosen } from '../state/new-run.ts';
import { notice } from '../state/notices.ts';
import { perform } from './perform.ts';
import { showRun } from './runs.ts';
import { currentRequest } from './try-selection.ts';

/** Opens the form for a new run over the selection, with the options of Try, and starts the check. */
export async function planRun(selection: Selection): Promise<void> {
  const before = newRun.get();
  const asked = before.kind === 'empty' ? await currentRequest() : before;
  if (asked === null) return;
  await look({ selection, title: selection.title, model: asked.model, thorough: asked.thorough });
}

export async function chooseForRun(kind: 'photos' | 'folder' | 'list'): Promise<void> {
  const outcome = await ask('files.choose', { kind });
  if (!outcome.ok) notice.set(outcome.fault);
  else if (outcome.value) await planRun(outcome.value);
}

export async function planWithModel({ ref, task }: ModelSummary): Promise<void> {
  const now = newRun.get();
  if (now.kind !== 'empty')
    await look({ ...chosenOf(now), model: ref, thorough: now.thorough && looksThoroughly(task) });
}

export async function planThorough(thorough: boolean): Promise<void> {
  const now = newRun.get();
  if (now.kind !== 'empty') await look({ ...chosenOf(now), thorough });
}

export const nameRun = (title: string): void =>
  newRun.set((now) => (now.kind === 'empty' ? now : { ...now, title: title.slice(0, 200) }));

export function cancelNewRun(): void {
  endLook();
  newRun.set({ kind: 'empty' });
}

/** Starts without waiting for the check: the run walks the inputs itself. Where it cannot begin, they are looked at once more. */
export async function startNewRun(): Promise<void> {
  const now = newRun.get();
  if (now.kind === 'empty') return;
  const { selection, model, thorough, title } = now;
  endLook();
  const run = await perform('runs.start', {
    selection: selection.id,
    model,
    ...(thorough && { thorough }),
    ...(title.trim() !== '' && { title: title.trim() }),
  });
  if (!run) return newRun.get() === now ? look(chosenOf(now)) : undefined;
  newRun.set({ kind: 'empty' });
  await client.invalidateQueries({ queryKey: ['runs'] });
  showRun(run);
}

async function look(chosen: Chosen): Promise<void> {
  endLook();
  const request = crypto.randomUUID();
  newRun.set({ ...chosen, kind: 'looking', request });
  const { selection, model, thorough } = chosen;
  const outcome = await ask('runs.check', {
    selection: selection.id,
    model,
    request,
    ...(thorough && { thorough }),
  });
  const now = newRun.get();
  const isStillWanted = now.kind === 'looking' && now.request === request;
  if (outcome.ok) {
    client.setQueryData(['run-check', request], outcome.value);
    if (!isStillWanted) void ask('runs.checkStop', { request });
  } else if (isStillWanted) newRun.set({ ...chosenOf(now), kind: 'failed', fault: outcome.fault });
}

function endLook(): void {
  const now = newRun.get();
  if (now.kind === 'looking') void ask('runs.checkStop', { request: now.request });
}

const chosenOf = ({ selection, title, model, thorough }: Chosen): Chosen => ({
  selection,
  title,
  model,
  thorough,
});
