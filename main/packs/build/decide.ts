import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { PackId, Version } from '../../../contract/ids.ts';
import type { Labels } from '../../../contract/packs/labels.ts';
import { ModelTaskId, tasksWith } from '../../../contract/tasks/index.ts';
import { about } from './about.ts';
import type { Facts } from './facts.ts';
import { labelsOf, readLabelsFile, readLabelsText } from './labels.ts';
import type { Missing } from './missing.ts';
import { findPreset, presetNames } from './presets.ts';
import { questions } from './request.ts';
import type { Answers, BuildRequest, Question } from './request.ts';
import { parseSize, readSteps } from './steps.ts';
import type { Steps } from './steps.ts';
import { formNames, taskBuildOf } from './tasks/index.ts';
import type { Known } from './tasks/index.ts';

export type Decided = {
  readonly task: ModelTaskId;
  readonly texts: Readonly<Record<'id' | 'version' | 'title' | 'summary' | 'licence', string>>;
  readonly labels: Labels | null;
} & Steps;

/** The most likely task of a model that takes photos, used for suggestions. */
const guessedTask = tasksWith('picture')[0]!.id;

/**
 * Questions that neither the file nor the options answer, in the order of asking. A suggestion does not count as an
 * answer.
 */
export function missingAnswers(answers: Answers, facts: Facts, known: Known): readonly Missing[] {
  return questionsFor(answers, facts, known).filter(({ question }) => answers[question] === undefined);
}

/** Every question that the file leaves open, including those already answered. */
export function questionsFor(answers: Answers, facts: Facts, known: Known): readonly Missing[] {
  const task = (answers.task ?? facts.task) as ModelTaskId | null;
  const build = task === null ? null : taskBuildOf(task);
  // While the task is unknown, the questions of the most likely one are listed too.
  const photos = (build ?? taskBuildOf(guessedTask)).photos;
  const suggestions: Partial<Record<Question, string | null>> = {
    ...facts.suggested,
    preprocess: facts.preset ?? photos?.guessPreset(facts) ?? null,
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
    ...(photos?.needsLabels && facts.labels === null ? (['labels'] as const) : []),
    ...(photos && facts.preset === null ? (['preprocess'] as const) : []),
    ...(photos && needsSize(answers, facts) ? (['size'] as const) : []),
  ];
  const open: readonly Missing[] = needed.map((question) => ({
    question,
    suggestion: suggestions[question] ?? null,
  }));
  return build ? [...open, ...build.asks(answers, facts, known)] : open;
}

/**
 * The input size must be known too: a model of free size gives other results at another size. Custom steps state
 * theirs.
 */
function needsSize({ preprocess }: Answers, { picture, preset }: Facts): boolean {
  const isFree = picture !== null && (picture.width === null || picture.height === null);
  const name = preprocess ?? preset;
  return isFree && (name === null || (findPreset(name)?.photo ?? null) !== null);
}

function usualSize({ preprocess }: Answers, { preset }: Facts): string | null {
  const size = findPreset(preprocess ?? preset ?? '')?.photo?.size;
  return size === undefined ? null : String(size);
}

/** Why an answer is invalid, or null. */
export function validateAnswer(question: Question, answer: string): string | null {
  const isFit = {
    task: () => ModelTaskId.safeParse(answer).success,
    id: () => PackId.safeParse(answer).success,
    version: () => Version.safeParse(answer).success,
    title: () => answer.length >= 1 && answer.length <= 80,
    summary: () => answer.length >= 1 && answer.length <= 200,
    licence: () => answer.trim() !== '',
    labels: () => answer !== '',
    preprocess: () => findPreset(answer) !== undefined || answer.toLowerCase().endsWith('.json'),
    size: () => parseSize(answer) !== null,
    form: () => formNames.includes(answer),
    output: () => answer !== '',
  }[question]();
  if (isFit) return null;
  const { option, meaning } = questions[question];
  const names = { preprocess: presetNames, form: formNames }[question as 'preprocess' | 'form'];
  const known = (names as readonly string[] | undefined) ? ` (${names.join(', ')})` : '';
  return `${option} ${answer}: it takes ${meaning}${known}.`;
}

/** Resolves steps, labels and texts once nothing is missing. */
export async function decide(request: BuildRequest, facts: Facts): Promise<Outcome<Decided>> {
  const { answers } = request;
  for (const question of Object.keys(questions) as Question[]) {
    const answer = answers[question];
    const wrong = answer === undefined ? null : validateAnswer(question, answer);
    if (wrong) return about(question, failed('usage', { reason: wrong, command: 'pack build' }));
  }
  const task = ModelTaskId.parse(answers.task ?? facts.task);
  const labels = await readAnsweredLabels(request, facts);
  if (!labels.ok) return labels;
  const reading = taskBuildOf(task).read(request, facts, labels.value);
  if (!reading.ok) return reading;
  const steps = await readSteps(request, facts, { task, reading: reading.value });
  if (!steps.ok) return steps;
  const { id = '', version = '', title = '', summary = '' } = answers;
  const licence = answers.licence ?? facts.licence ?? '';
  return ok({
    task,
    texts: { id, version, title, summary, licence },
    labels: labels.value,
    ...steps.value,
  });
}

/** The labels given by the user, else those in the file; null when there are none. */
export async function readAnsweredLabels(
  { answers: { labels }, labelsText }: Pick<BuildRequest, 'answers' | 'labelsText'>,
  facts: Pick<Facts, 'labels'>,
): Promise<Outcome<Labels | null>> {
  if (labelsText !== undefined) return about('labels', readLabelsText(labelsText, 'labels'));
  if (labels === undefined) return ok(facts.labels && labelsOf(facts.labels));
  return about('labels', await readLabelsFile(labels));
}
