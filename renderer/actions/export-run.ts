import type { ExportChoice, ExportFormat } from '../../contract/runs/export.ts';
import type { RunFilter } from '../../contract/runs/run.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { exporting, requestOf } from '../state/exporting.ts';
import type { ExportStep } from '../state/exporting.ts';
import { perform } from './perform.ts';
import { nonePicked } from '../state/run-look.ts';
import { runOnceMore } from './runs.ts';

/** `picked`: the items that a person picked in the list; only they are exported, unless the dialog is told otherwise. */
export const openExport = (run: string, picked: ReadonlySet<number> = nonePicked): void =>
  exporting.set({
    run,
    format: 'csv-excel',
    choice: {},
    profile: null,
    shown: null,
    id: crypto.randomUUID(),
    picked: Uint32Array.from(picked),
    onlyPicked: picked.size > 0,
    step: { kind: 'choosing' },
  });

/** Only what the run's list shows; null: all of the run. */
export const exportShown = (shown: RunFilter | null): void =>
  exporting.set(
    (now) =>
      now && { ...now, shown, onlyPicked: now.onlyPicked && shown === null, step: { kind: 'choosing' } },
  );

/** Only what was picked in the run's list, or all of the run. */
export const exportPicked = (onlyPicked: boolean): void =>
  exporting.set(
    (now) => now && { ...now, onlyPicked, shown: onlyPicked ? null : now.shown, step: { kind: 'choosing' } },
  );

/** Keeps the choice to be used again; false where it is not kept. */
export async function keepProfile(name: string): Promise<boolean> {
  const now = exporting.get();
  if (!now || name.trim() === '') return false;
  const profiles = await perform('exports.keepProfile', { name: name.trim(), choice: now.choice });
  if (!profiles) return false;
  client.setQueryData(['export-profiles'], profiles);
  exporting.set((later) => later && { ...later, profile: name.trim() });
  return true;
}

export const chooseFormat = (format: ExportFormat): void =>
  exporting.set((now) => now && { ...now, format, step: { kind: 'choosing' } });

/** `profile`: the name of the one that the change is all of; absent: a field of the choice is changed. */
export const changeChoice = (change: ExportChoice, profile?: string | null): void =>
  exporting.set(
    (now) =>
      now && {
        ...now,
        choice: profile === undefined ? defined({ ...now.choice, ...change }) : change,
        profile: profile === undefined ? now.profile : profile,
        step: { kind: 'choosing' },
      },
  );

/** Drops undefined fields. */
const defined = (choice: ExportChoice): ExportChoice =>
  Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));

/** Asks where to, writes, and says what came of it in the dialog; the format is kept for another try. */
export async function writeExport(): Promise<void> {
  const now = exporting.get();
  if (!now || now.step.kind === 'writing') return;
  const request = crypto.randomUUID();
  exporting.set({ ...now, step: { kind: 'writing', request } });
  // What is written is counted once more before.
  void client.cancelQueries({ queryKey: ['export-count'] });
  const outcome = await ask('exports.write', {
    ...requestOf(now),
    format: now.format,
    request,
  });
  const step: ExportStep = outcome.ok
    ? outcome.value
      ? { kind: 'written', ...outcome.value }
      : { kind: 'choosing' }
    : outcome.fault.code === 'cancelled'
      ? { kind: 'choosing' }
      : { kind: 'failed', fault: outcome.fault };
  const later = exporting.get();
  // Ignore the outcome if the dialog was closed or reopened for another run.
  if (later?.step.kind === 'writing' && later.step.request === request) exporting.set({ ...later, step });
}

/** Cancels the export; if none is running, closes the dialog. */
export async function leaveExport(): Promise<void> {
  const now = exporting.get();
  if (now?.step.kind === 'writing') await perform('exports.stop', { request: now.step.request });
  else exporting.set(null);
}

/** Runs the same photos with another model, whose results fit more formats. */
export async function runAgainFromExport(run: string, model: string): Promise<void> {
  exporting.set(null);
  await runOnceMore(run, model);
}
