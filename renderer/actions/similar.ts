import type { Selection } from '../../contract/calls/calls.ts';
import { ask } from '../bridge.ts';
import { similarOpen } from '../state/similar.ts';
import { selected, tryPage, walked } from '../state/try-page.ts';
import { answerPhotos, giveUp, showPhotosAgain } from './answer-photos.ts';
import { inform } from './inform.ts';
import { perform } from './perform.ts';
import { currentRequest, trySelection } from './try-selection.ts';

/** All stored photos that are alike, in place of what was on screen. */
export function showGroups(): void {
  giveUp();
  walked.set(null);
  tryPage.set({ kind: 'groups' });
}

/** The photos of a group; Undo leads back to the groups. */
export async function openGroup(refs: readonly string[]): Promise<void> {
  const selection = await perform('similar.select', { refs: [...refs] });
  if (!selection) return;
  await trySelection(selection);
  inform({ key: 'similar.groupOpened', values: { count: refs.length }, undo: showGroups });
}

/** While a person looks at a photo: the first list of photos like it shall not be slower than the next. */
export const prepareSimilar = (): void => void ask('similar.prepare', undefined);

export const toggleSimilar = (): void => similarOpen.set((isOpen) => !isOpen);

/** Shows the similar photos in place of what was on screen, which comes back by Undo. */
export async function openSimilar(selection: Selection, at: number, name: string): Promise<void> {
  const asked = await currentRequest();
  if (asked === null) return;
  const before = tryPage.get();
  const chosen = selected.get();
  walked.set(null);
  selected.set(selection.id);
  answerPhotos(selection.files, asked, at);
  inform({
    key: 'similar.opened',
    values: { name },
    undo: () => {
      selected.set(chosen);
      if (before.kind === 'photos') showPhotosAgain(before);
      else tryPage.set(before);
    },
  });
}
