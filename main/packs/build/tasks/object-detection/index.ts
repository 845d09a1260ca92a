import { basename } from 'node:path';
import { failed, ok } from '../../../../../contract/faults/faults.ts';
import type { VariantName } from '../../../../../contract/ids.ts';
import { reason } from '../../../../../contract/faults/reasons.ts';
import { about } from '../../about.ts';
import { incomplete } from '../../missing.ts';
import type { Missing } from '../../missing.ts';
import { findPreset } from '../../presets.ts';
import type { Answers } from '../../request.ts';
import { scoreTolerance } from '../task.ts';
import type { Ending, Facts, PhotoBuild, TaskBuild } from '../task.ts';
import { formNames, forms, isFormName } from './forms.ts';
import { recogniseBoxes, scoresOf, stepsFor } from './recognise.ts';
import type { Recognised } from './recognise.ts';

const task = 'object-detection';

/** Intersection over union from which a box counts as the same on another machine. */
const sameBox: Readonly<Record<VariantName, number>> = { fp32: 0.9, fp16: 0.85, int8: 0.75 };

export const buildObjectDetection: TaskBuild = {
  // Never detected: other graphs have outputs of the same shapes.
  recognise: () => null,
  asks: (answers, facts, { labels }) => {
    // A user's own steps state how boxes are read.
    if (labels === null || hasOwnSteps(answers)) return [];
    const { form, output } = answers;
    const byForm = doubtsIn(recognised(facts, { labels, output }), 'form');
    const byOutput = doubtsIn(recognised(facts, { labels, form }), 'output');
    return [...byForm, ...byOutput];
  },
  read: ({ model, answers }, facts, labels) => {
    const file = basename(model);
    if (!facts.picture && !hasOwnSteps(answers))
      return about('task', failed('onnx-unfit', { file, reason: reason('picture-input-needed', { task }) }));
    const { form, output } = answers;
    const found = recognised(facts, { labels: labels?.length ?? null, form, output });
    const own = (postprocessing: Ending['postprocessing']): Ending => ({
      postprocessing,
      scoring: null,
      threshold: null,
    });
    if (found.kind === 'chosen') {
      const { threshold } = forms[found.fit.form];
      const ending = { postprocessing: stepsFor(found.fit), scoring: null, threshold };
      return ok({ scored: null, ending, own });
    }
    // An own file without postprocessing is refused by the manifest's validation, which requires a step that reads
    // boxes.
    if (hasOwnSteps(answers)) return ok({ scored: null, ending: own([]), own });
    if (found.kind === 'none') {
      const field =
        form !== undefined ? 'form' : output !== undefined ? 'output' : labels ? 'labels' : 'task';
      return about(field, failed('onnx-unfit', { file, reason: found.reason }));
    }
    return incomplete([...doubtsIn(found, 'form'), ...doubtsIn(found, 'output')].slice(0, 1));
  },
  forms: formNames,
  photos: { needsLabels: true, guessPreset: () => null, scoresOf: () => null, goldenCase },
};

function goldenCase(...[{ name, file }, answers]: Parameters<PhotoBuild['goldenCase']>) {
  const expected = answers.map(({ variant, result }) => {
    if (result.task !== task) throw new Error(`a detector answered as ${result.task}`);
    const { threshold } = result;
    const toleranceAbs = scoreTolerance[variant];
    const detections = result.detections
      .filter(({ score }) => score >= threshold)
      .map(({ index, label, score, box: [left, top, right, bottom] }) => ({
        index,
        label,
        score: round(score, 4),
        box: [
          round(left, 1),
          round(top, 1),
          round(right, 1),
          round(bottom, 1),
        ] as (typeof result.detections)[0]['box'],
      }));
    // A score may cross the threshold by as much as it may differ.
    return { variant, toleranceAbs, near: toleranceAbs, overlap: sameBox[variant], threshold, detections };
  });
  return { kind: 'boxes' as const, name, file, expected };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const hasOwnSteps = ({ preprocess }: Answers): boolean =>
  preprocess !== undefined && findPreset(preprocess) === undefined;

type Answered = { readonly labels: number | null; readonly form?: string; readonly output?: string };

function recognised({ outputs }: Facts, { labels, form, output }: Answered): Recognised {
  return recogniseBoxes(outputs, {
    labels,
    output,
    form: form !== undefined && isFormName(form) ? form : undefined,
  });
}

/** The open question: which layout, or which output within the one possible layout. */
function doubtsIn(found: Recognised, question: 'form' | 'output'): readonly Missing[] {
  if (found.kind !== 'doubt') return [];
  const names = [...new Set(found.among.map(({ form }) => form))];
  if (names.length > 1 !== (question === 'form')) return [];
  const choices =
    question === 'form'
      ? names.map((value) => ({ value, meaning: `${value} (${forms[value].meaning})` }))
      : found.among.map(({ from }) => ({ value: scoresOf(from), meaning: scoresOf(from) }));
  return [{ question, suggestion: null, choices }];
}
