import { reasonText } from '../../../contract/reasons.ts';
import type { Reason } from '../../../contract/reasons.ts';
import type { Facts } from './facts.ts';
import type { Answers } from './request.ts';

/** What a person should know of the choices that were made for them; of the task only where it was left to the file. */
export const notesFor = (
  { notes, taskNote }: Pick<Facts, 'notes' | 'taskNote'>,
  { task }: Pick<Answers, 'task'>,
): readonly Reason[] => (taskNote && task === undefined ? [...notes, taskNote] : notes);

/** A note as a sentence in English: for the command line and for the card of a pack. */
export const noteText = (note: Reason): string => `${reasonText(note)}.`;
