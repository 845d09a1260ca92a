import type { RunState } from '../../contract/runs/run.ts';
import { client } from '../state/client.ts';
import { isOver } from '../state/run-queries.ts';
import { place } from '../state/navigation.ts';
import { selected, tryPage } from '../state/try-page.ts';
import { giveUp, showPhotosAgain } from './answer-photos.ts';
import { inform } from './inform.ts';
import { showRuns } from './move.ts';

/** Back to the empty start, which can be undone. No file is touched, and a run that is under way goes on. */
export function clearTry(): void {
  const before = tryPage.get();
  const chosen = selected.get();
  if (before.kind === 'empty') return;
  tryPage.set({ kind: 'empty' });
  // No undo: groups are queried again.
  if (before.kind === 'groups') return;
  if (before.kind === 'photos') {
    giveUp();
    const { length } = before.entries;
    inform({
      key: 'try.clearedPhotos',
      values: { count: length, name: before.entries[0]?.file.name ?? '' },
      undo: () => {
        selected.set(chosen);
        showPhotosAgain(before);
      },
    });
    return;
  }
  const run = client.getQueryData<RunState>(['run', before.run, 'state']);
  inform({
    key: run && !isOver(run) ? 'try.clearedLiveRun' : 'try.clearedRun',
    values: { title: before.title },
    undo: () => tryPage.set(before),
  });
}

/** From a run without photos to where others are chosen. */
export function leaveRun(): void {
  if (place.get() === 'runs') showRuns();
  else clearTry();
}
