import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import { questions } from './request.ts';
import type { Question } from './request.ts';

/** An open question with its possible answers. A suggestion does not count as an answer. */
export type Missing = {
  readonly question: Question;
  readonly suggestion: string | null;
  /** The possible answers, if there are few. */
  readonly choices?: readonly { readonly value: string; readonly meaning: string }[];
};

/** One fault for all missing answers, each with its option; `missing` is not empty. */
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
