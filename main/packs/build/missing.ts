import { failed } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { reason } from '../../../contract/reasons.ts';
import type { Reason } from '../../../contract/reasons.ts';
import { questions } from './request.ts';
import type { Question } from './request.ts';

/** A question that is open, with what may be the answer. A suggestion is a guess and no answer. */
export type Missing = {
  readonly question: Question;
  readonly suggestion: string | null;
  /** What can be answered, where that is a short list. */
  readonly choices?: readonly { readonly value: string; readonly meaning: string }[];
};

/** Everything missing in one fault, each with the option that gives it; there is at least one. */
export function incomplete(missing: readonly Missing[]): Outcome<never> {
  const listed = missing
    .map(missingReason)
    .reduce((before, next) => reason('listed', { first: before, second: next }));
  return failed('pack-incomplete', { missing: listed });
}

function missingReason({ question, suggestion, choices }: Missing): Reason {
  const { option } = questions[question];
  const asked = reason(`asks-${question}`);
  const what = choices
    ? reason('answer-among', { what: asked, choices: choices.map((each) => each.meaning).join(', ') })
    : asked;
  return suggestion === null
    ? reason('missing-answer', { option, what })
    : reason('missing-answer-guess', { option, what, suggestion });
}
