import { reasonText } from '../../../contract/faults/reasons.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import type { Facts } from './facts.ts';
import type { Answers } from './request.ts';

/** Notes about choices that were made automatically; about the task only if the user did not choose it. */
export const notesFor = (
  { notes, taskNote }: Pick<Facts, 'notes' | 'taskNote'>,
  { task }: Pick<Answers, 'task'>,
): readonly Reason[] => (taskNote && task === undefined ? [...notes, taskNote] : notes);

/** A note as an English sentence, for the command line and the model card. */
export const noteText = (note: Reason): string => `${reasonText(note)}.`;
