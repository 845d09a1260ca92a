import type { SelectedFile } from '../../contract/calls/calls.ts';
import { perform } from './perform.ts';

/** One photo of the person's; null when none was chosen. */
export async function choosePhoto(): Promise<SelectedFile | null> {
  const selection = await perform('files.choose', { kind: 'photos' });
  return selection?.files[0] ?? null;
}
