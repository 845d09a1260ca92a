import { basename } from 'node:path';
import { assertNever } from '../../../contract/assert.ts';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { PackId, Version } from '../../../contract/ids.ts';
import { TaskId } from '../../../contract/tasks/index.ts';
import type { Labels } from '../../../contract/labels.ts';
import { reason } from '../../../contract/reasons.ts';
import type { Reason } from '../../../contract/reasons.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import { about } from './about.ts';
import type { Facts } from './facts.ts';
import { labelsOf, readLabelsFile, readLabelsText } from './labels.ts';
import { findPreset, presetNames } from './presets.ts';
import { questions } from './request.ts';
import type { Answers, BuildRequest, Question } from './request.ts';
import { chooseScores } from './scores.ts';
import type { Choice, ScoreCandidate } from './scores.ts';
import { parseSize, readSteps } from './steps.ts';
import type { Steps } from './steps.ts';

export type Missing = {
  readonly question: Question;
  readonly suggestion: string | null;
  /** What can be answered, where that is a short list. */
  readonly choices?: readonly { readonly value: string; readonly meaning: string }[];
};
export type Decided = {
  readonly task: TaskId;
  readonly texts: Readonly<Record<'id' | 'version' | 'title' | 'summary' | 'licence', string>>;
  readonly labels: Labels | null;
  /** The output that holds the scores; null for raw tensors. */
  readonly scored: ScoreCandidate | null;
} & Steps;

type Known = { readonly labels: number | null; readonly embedding?: string };

/** What neither the file nor the options say, in the order in which it is asked. A guess is a suggestion and no answer. */
export function missingAnswers(answers: Answers, facts: Facts, known: Known): readonly Missing[] {
  return questionsFor(answers, facts, known).filter(({ question }) => answers[question] === undefined);
}

/** Every question that the file leaves open, whether or not it is answered yet. */
export function questionsFor(
  answers: Answers,
  facts: Facts,
  { labels, embedding }: Known,
): readonly Missing[] {
  const task = answers.task ?? facts.task;
  // Until the task is known, everything that it could need is named.
  const isPhoto = task === null || takesPictures(task);
  const suggestions: Partial<Record<Question, string | null>> = {
    ...facts.suggested,
    preprocess: facts.preset ?? guessPreset(facts),
    size: usualSize(answers, facts),
    licence: facts.licence,
    version: '1.0.0',
  };
  const needed: readonly Question[] = [
    ...(facts.task === null ? (['task'] as const) : []),
    'id',
    'version',
    'title',
    'summary',
    ...(facts.licence === null ? (['licence'] as const) : []),
    ...(isPhoto && facts.labels === null ? (['labels'] as const) : []),
    ...(isPhoto && facts.preset === null ? (['preprocess'] as const) : []),
    ...(isPhoto && needsSize(answers, facts) ? (['size'] as const) : []),
  ];
  const open: readonly Missing[] = needed.map((question) => ({
    question,
    suggestion: suggestions[question] ?? null,
  }));
  // Which output it is may be plain as soon as the labels are there.
  if (task === null || !takesPictures(task) || labels === null) return open;
  const choice = chooseScores(facts.candidates, { labels, embedding });
  return choice.kind === 'doubt' ? [...open, askOutput(choice)] : open;
}

const askOutput = ({ among, suggestion }: Extract<Choice, { kind: 'doubt' }>): Missing => ({
  question: 'output',
  suggestion,
  choices: among.map(({ name, meaning }) => ({ value: name, meaning })),
});

/** A size is no guess either: a model that takes any gives other answers at another. Steps of one's own say theirs. */
function needsSize({ preprocess }: Answers, { picture, preset }: Facts): boolean {
  const isFree = picture !== null && (picture.width === null || picture.height === null);
  const name = preprocess ?? preset;
  return isFree && (name === null || (findPreset(name)?.photo ?? null) !== null);
}

function usualSize({ preprocess }: Answers, { preset }: Facts): string | null {
  const size = findPreset(preprocess ?? preset ?? '')?.photo?.size;
  return size === undefined ? null : String(size);
}

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

/** What is wrong with one answer, or null. */
export function validateAnswer(question: Question, answer: string): string | null {
  const isFit = {
    task: () => TaskId.safeParse(answer).success,
    id: () => PackId.safeParse(answer).success,
    version: () => Version.safeParse(answer).success,
    title: () => answer.length >= 1 && answer.length <= 80,
    summary: () => answer.length >= 1 && answer.length <= 200,
    licence: () => answer.trim() !== '',
    labels: () => answer !== '',
    preprocess: () => findPreset(answer) !== undefined || answer.toLowerCase().endsWith('.json'),
    size: () => parseSize(answer) !== null,
    output: () => answer !== '',
  }[question]();
  if (isFit) return null;
  const { option, meaning } = questions[question];
  const known = question === 'preprocess' ? ` (${presetNames.join(', ')})` : '';
  return `${option} ${answer}: it takes ${meaning}${known}.`;
}

/** Steps, labels and words, when nothing is missing any more. */
export async function decide(request: BuildRequest, facts: Facts): Promise<Outcome<Decided>> {
  const { answers } = request;
  for (const question of Object.keys(questions) as Question[]) {
    const answer = answers[question];
    const wrong = answer === undefined ? null : validateAnswer(question, answer);
    if (wrong) return about(question, failed('usage', { reason: wrong, command: 'pack build' }));
  }
  const task = TaskId.parse(answers.task ?? facts.task);
  const labels = await readAnsweredLabels(request, facts);
  if (!labels.ok) return labels;
  const scored = decideScores(request, facts, { task, labels: labels.value });
  if (!scored.ok) return scored;
  const steps = await readSteps(request, facts, { task, scored: scored.value });
  if (!steps.ok) return steps;
  const { id = '', version = '', title = '', summary = '' } = answers;
  const licence = answers.licence ?? facts.licence ?? '';
  return ok({
    task,
    texts: { id, version, title, summary, licence },
    labels: labels.value,
    scored: scored.value,
    ...steps.value,
  });
}

/** The labels that were answered, else those in the file; null when there are none. */
export async function readAnsweredLabels(
  { answers: { labels }, labelsText }: Pick<BuildRequest, 'answers' | 'labelsText'>,
  facts: Pick<Facts, 'labels'>,
): Promise<Outcome<Labels | null>> {
  if (labelsText !== undefined) return about('labels', readLabelsText(labelsText, 'labels'));
  if (labels === undefined) return ok(facts.labels && labelsOf(facts.labels));
  return about('labels', await readLabelsFile(labels));
}

/** Which output holds the scores; null for raw tensors. */
export function decideScores(
  { model, answers, embedding }: BuildRequest,
  { picture, candidates }: Facts,
  { task, labels }: { readonly task: TaskId; readonly labels: Labels | null },
): Outcome<ScoreCandidate | null> {
  const file = basename(model);
  const count = labels?.length ?? null;
  if (!takesPictures(task)) {
    const fit =
      count === null || candidates.length === 0
        ? null
        : chooseScores(candidates, { labels: count, embedding });
    return fit?.kind === 'none'
      ? about('labels', failed('onnx-unfit', { file, reason: fit.reason }))
      : ok(null);
  }
  if (!picture)
    return about('task', failed('onnx-unfit', { file, reason: reason('picture-input-needed', { task }) }));
  const choice = chooseScores(candidates, { labels: count, output: answers.output, embedding });
  switch (choice.kind) {
    case 'chosen':
      return ok(choice.output);
    case 'none':
      return about(
        answers.output !== undefined || count === null ? 'output' : 'labels',
        failed('onnx-unfit', { file, reason: choice.reason }),
      );
    case 'doubt':
      return incomplete([askOutput(choice)]);
    default:
      return assertNever(choice);
  }
}

function guessPreset({ exporter, picture, labels }: Facts): string | null {
  if (!picture || labels) return null;
  if (exporter === 'pytorch') return 'torchvision';
  return exporter === 'tf2onnx' || picture.order === 'NHWC' ? 'keras-efficientnet' : null;
}
