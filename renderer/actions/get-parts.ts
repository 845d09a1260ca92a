import type { VersionRef } from '../../contract/lifecycle/timeline.ts';
import { tryPage } from '../state/try-page.ts';
import type { EntryState } from '../state/try-page.ts';
import { showPhotosAgain } from './answer-photos.ts';
import { getParts } from './lifecycle.ts';

/** Gets what a model is made of and is not here; then the photos that waited for it are answered. */
export async function getPartsAndAnswer(version: VersionRef): Promise<void> {
  if (!(await getParts(version))) return;
  const now = tryPage.get();
  if (now.kind !== 'photos') return;
  const again = (answer: EntryState): EntryState =>
    answer.kind === 'fault' && answer.fault.code === 'pack-part-missing' ? { kind: 'waiting' } : answer;
  showPhotosAgain({
    ...now,
    entries: now.entries.map(({ file, answer }) => ({ file, answer: again(answer) })),
  });
}
