import { ask, bridge } from '../bridge.ts';
import { notice } from '../state/notices.ts';
import { inform } from './inform.ts';
import { perform } from './perform.ts';
import { takeSelection } from './take-selection.ts';
import { trySelection } from './try-selection.ts';

export async function chooseFiles(kind: 'photos' | 'folder'): Promise<void> {
  const selection = await perform('files.choose', { kind });
  if (selection) await trySelection(selection);
}

export async function pasteFiles(): Promise<void> {
  const outcome = await ask('files.paste', undefined);
  if (!outcome.ok) notice.set(outcome.fault);
  else if (outcome.value) await trySelection(outcome.value);
  else inform({ key: 'try.nothingToPaste' });
}

export async function dropFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const outcome = await bridge.adopt(files);
  if (outcome.ok) await takeSelection(outcome.value);
  else notice.set(outcome.fault);
}
