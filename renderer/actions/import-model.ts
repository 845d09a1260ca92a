import type { CallOutput } from '../../contract/calls/calls.ts';
import type { VersionRef } from '../../contract/lifecycle/timeline.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { pendingImport, waitingImport } from '../state/pending-import.ts';
import { shownModel } from '../state/navigation.ts';
import { openMakeForm } from './make-pack.ts';
import { putTimeline } from './lifecycle.ts';
import { goTo, showSetting } from './move.ts';
import { perform } from './perform.ts';

/** Shows what a file or folder would bring, before anything is changed. */
export async function chooseImport(kind: 'file' | 'folder'): Promise<void> {
  const chosen = await perform('import.choose', { kind });
  if (chosen) show(chosen.ref, chosen.preview);
}

export async function previewImport(ref: string): Promise<void> {
  const preview = await perform('import.preview', { ref });
  if (preview) show(ref, preview);
}

/** Navigates to the setting that the file needs; the import stays pending. */
export function leaveForSetting(row: 'unsigned' | 'publishers'): void {
  const now = pendingImport.get();
  if (now) waitingImport.set({ ref: now.ref, name: now.preview.name });
  pendingImport.set(null);
  showSetting('updates', row);
}

/** Reopens the pending import and validates it again. */
export async function backToImport(): Promise<void> {
  const waiting = waitingImport.get();
  waitingImport.set(null);
  if (waiting) await previewImport(waiting.ref);
}

/** A folder may hold a pack, a feed or photos: true when it was shown as one of the first two. */
export async function previewFolder(ref: string): Promise<boolean> {
  const preview = await ask('import.preview', { ref });
  if (preview.ok) show(ref, preview.value);
  return preview.ok;
}

export async function installPendingImport(
  version: VersionRef | null,
  consentExpired: boolean,
): Promise<void> {
  const now = pendingImport.get();
  if (!now || now.installing !== null) return;
  const name = version ?? (now.preview.kind === 'pack' ? now.preview : null);
  if (!name) return;
  const installing = `${name.model}@${name.version}`;
  pendingImport.set({ ...now, installing, fault: null });
  const outcome = await ask('import.install', {
    ref: now.ref,
    version: version ?? undefined,
    consentExpired,
  });
  if (outcome.ok) {
    pendingImport.set(null);
    putTimeline(outcome.value);
    shownModel.set(name.model);
    goTo('models');
  } else pendingImport.set((open) => open && { ...open, installing: null, fault: outcome.fault });
  await Promise.all(
    ['lifecycle', 'models', 'updates'].map((one) => client.invalidateQueries({ queryKey: [one] })),
  );
}

function show(ref: string, preview: CallOutput<'import.preview'>): void {
  waitingImport.set(null);
  if (preview.kind === 'onnx') void openMakeForm(ref, preview.name);
  else pendingImport.set({ ref, preview, installing: null, fault: null });
}
