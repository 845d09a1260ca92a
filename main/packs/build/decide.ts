import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { PackId, Version } from '../../../contract/ids.ts';
import { PostprocessingStep, PreprocessingStep, Task } from '../../../contract/manifest.ts';
import type { Labels } from '../../../contract/manifest.ts';
import { diskFault } from '../disk-fault.ts';
import { describeIssues } from '../issues.ts';
import type { Facts } from './facts.ts';
import { labelsOf, readLabelsFile } from './labels.ts';
import { findPreset, presetNames } from './presets.ts';
import type { PhotoPreset, Preset } from './presets.ts';
import { questions } from './request.ts';
import type { Answers, BuildRequest, Question } from './request.ts';

export type Missing = { readonly question: Question; readonly suggestion: string | null };
export type Decided = {
  readonly task: Task;
  readonly words: Readonly<Record<'id' | 'version' | 'title' | 'summary' | 'licence', string>>;
  readonly labels: Labels | null;
  readonly preset: Preset | null;
  readonly preprocessing: readonly PreprocessingStep[];
  readonly postprocessing: readonly PostprocessingStep[];
};

/** What neither the file nor the options say, in the order in which it is asked. A guess is a suggestion and no answer. */
export function missingAnswers(answers: Answers, facts: Facts): readonly Missing[] {
  const task = answers.task ?? facts.task;
  // Until the task is known, everything that it could need is named.
  const isPhoto = task === null || task === 'image-classification';
  const suggestions: Partial<Record<Question, string | null>> = {
    preprocess: facts.preset ?? guessPreset(facts),
    licence: facts.licence,
    version: '1.0.0',
  };
  const needed: readonly Question[] = [
    ...(task === null ? (['task'] as const) : []),
    'id',
    'version',
    'title',
    'summary',
    ...(facts.licence === null ? (['licence'] as const) : []),
    ...(isPhoto && facts.labels === null ? (['labels'] as const) : []),
    ...(isPhoto && facts.preset === null ? (['preprocess'] as const) : []),
  ];
  return needed
    .filter((question) => answers[question] === undefined)
    .map((question) => ({ question, suggestion: suggestions[question] ?? null }));
}

/** Everything missing in one fault, each with the option that gives it. */
export function incomplete(missing: readonly Missing[]): Outcome<never> {
  const words = missing.map(({ question, suggestion }) => {
    const { option, words: what } = questions[question];
    return `${option} (${what}${suggestion === null ? '' : `; ${suggestion}?`})`;
  });
  return failed('pack-incomplete', { missing: words.join(', ') });
}

/** What is wrong with one answer, or null. */
export function judgeAnswer(question: Question, answer: string): string | null {
  const isFit = {
    task: () => Task.safeParse(answer).success,
    id: () => PackId.safeParse(answer).success,
    version: () => Version.safeParse(answer).success,
    title: () => answer.length >= 1 && answer.length <= 80,
    summary: () => answer.length >= 1 && answer.length <= 200,
    licence: () => answer.trim() !== '',
    labels: () => answer !== '',
    preprocess: () => findPreset(answer) !== undefined || answer.toLowerCase().endsWith('.json'),
  }[question]();
  if (isFit) return null;
  const { option, words } = questions[question];
  const known = question === 'preprocess' ? ` (${presetNames.join(', ')})` : '';
  return `${option} ${answer}: it takes ${words}${known}.`;
}

/** Steps, labels and words, when nothing is missing any more. */
export async function decide(request: BuildRequest, facts: Facts): Promise<Outcome<Decided>> {
  const { answers } = request;
  for (const question of Object.keys(questions) as Question[]) {
    const answer = answers[question];
    const wrong = answer === undefined ? null : judgeAnswer(question, answer);
    if (wrong) return failed('usage', { reason: wrong, command: 'pack build' });
  }
  const task = Task.parse(answers.task ?? facts.task);
  const labels =
    answers.labels === undefined
      ? ok(facts.labels && labelsOf(facts.labels))
      : await readLabelsFile(answers.labels);
  if (!labels.ok) return labels;
  const steps = await readSteps(request, facts, task);
  if (!steps.ok) return steps;
  const fit = judgeFit(request, facts, { task, labels: labels.value });
  if (!fit.ok) return fit;
  const { id = '', version = '', title = '', summary = '' } = answers;
  const licence = answers.licence ?? facts.licence ?? '';
  return ok({
    task,
    words: { id, version, title, summary, licence },
    labels: labels.value,
    ...steps.value,
  });
}

type Steps = Pick<Decided, 'preset' | 'preprocessing' | 'postprocessing'>;
const StepsFile = z.union([
  z.array(PreprocessingStep),
  z.strictObject({
    preprocessing: z.array(PreprocessingStep),
    postprocessing: z.array(PostprocessingStep).optional(),
  }),
]);

async function readSteps(request: BuildRequest, facts: Facts, task: Task): Promise<Outcome<Steps>> {
  const name = request.answers.preprocess ?? facts.preset ?? 'raw';
  const preset = findPreset(name);
  if (task === 'tensor') return ok({ preset: preset ?? null, preprocessing: [], postprocessing: [] });
  const last = lastSteps(request, facts);
  if (preset) {
    if (preset.photo && facts.picture)
      return ok({ preset, preprocessing: stepsOf(preset.photo, facts.picture), postprocessing: last });
    const reason = `--preprocess ${name} prepares no photo; --task image-classification takes one of ${presetNames.filter((each) => findPreset(each)?.photo).join(', ')}, or a JSON file.`;
    return preset.photo
      ? ok({ preset, preprocessing: [], postprocessing: last })
      : failed('usage', { reason, command: 'pack build' });
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(name, 'utf8'));
  } catch (error) {
    return error instanceof SyntaxError
      ? failed('file-unreadable', { file: basename(name), reason: error.message })
      : diskFault(error, name);
  }
  const parsed = StepsFile.safeParse(json);
  if (!parsed.success)
    return failed('file-unreadable', { file: basename(name), reason: describeIssues(parsed.error) });
  const { data } = parsed;
  return ok(
    'preprocessing' in data
      ? { preset: null, preprocessing: data.preprocessing, postprocessing: data.postprocessing ?? last }
      : { preset: null, preprocessing: data, postprocessing: last },
  );
}

function stepsOf(photo: PhotoPreset, picture: NonNullable<Facts['picture']>): readonly PreprocessingStep[] {
  const [width, height] = [picture.width ?? photo.size, picture.height ?? photo.size];
  return [
    { op: 'decode', background: [255, 255, 255] },
    ...(photo.crop === null ? [] : [{ op: 'crop-centre', fraction: photo.crop } as const]),
    { op: 'resize', width, height, kernel: photo.kernel },
    { op: 'normalize', mean: [...photo.mean], std: [...photo.std] },
    { op: 'layout', input: picture.name, order: picture.order, channels: photo.channels },
  ];
}

function lastSteps({ scores }: BuildRequest, { scored }: Facts): readonly PostprocessingStep[] {
  if (!scored) return [];
  const isProbability = scores ? scores === 'probabilities' : scored.isProbability;
  const k = Math.min(5, scored.count ?? 5);
  return [
    ...(isProbability ? [] : [{ op: 'softmax', output: scored.name } as const]),
    { op: 'top-k', k: Math.max(1, k) },
  ];
}

/** Whether the graph can do the task, and has a value for every label. */
function judgeFit(
  { model }: BuildRequest,
  { picture, scored }: Facts,
  { task, labels }: { readonly task: Task; readonly labels: Labels | null },
): Outcome<void> {
  const file = basename(model);
  if (task === 'image-classification' && !picture)
    return failed('onnx-mismatch', {
      file,
      reason: `${task} takes one float32 input of 1 × 3 × height × width or 1 × height × width × 3`,
    });
  if (task === 'image-classification' && !scored)
    return failed('onnx-mismatch', { file, reason: `${task} takes a float32 output of one row an item` });
  if (labels && scored?.count !== null && scored !== null && labels.length !== scored.count)
    return failed('onnx-mismatch', {
      file,
      reason: `output ${scored.name} has ${scored.count} values, and there are ${labels.length} labels`,
    });
  return ok(undefined);
}

function guessPreset({ exporter, picture, labels }: Facts): string | null {
  if (!picture || labels) return null;
  if (exporter === 'pytorch') return 'torchvision';
  return exporter === 'tf2onnx' || picture.order === 'NHWC' ? 'keras-efficientnet' : null;
}
