import { basename } from 'node:path';
import { assertNever } from '../../../../contract/assert.ts';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { Labels } from '../../../../contract/packs/labels.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import { namedScores } from '../../../../contract/packs/scored-output.ts';
import type { ScoreKind } from '../../../../contract/packs/pack-build.ts';
import { areIndependent } from '../../../../contract/tasks/image-classification.ts';
import { itemTaskOf } from '../../../../contract/tasks/index.ts';
import type { PostprocessingStep, Result } from '../../../../contract/tasks/index.ts';
import { about } from '../about.ts';
import { incomplete } from '../missing.ts';
import type { Missing } from '../missing.ts';
import type { BuildRequest } from '../request.ts';
import { findPreset } from '../presets.ts';
import { chooseScores } from '../scores.ts';
import type { Choice, ScoreCandidate } from '../scores.ts';
import { scoreTolerance } from './task.ts';
import type { Ending, Facts, PhotoBuild, TaskBuild } from './task.ts';

const task = 'image-classification';

export const buildImageClassification: TaskBuild = {
  // Most classifiers look like other graphs with one input and one output: only explicit metadata counts.
  recognise: ({ exporter, metadata }) =>
    exporter === 'ultralytics' && metadata['task'] === 'classify' ? { preset: 'yolo-classify' } : null,
  asks: (_, { candidates }, { labels, embedding }) => {
    // Once the labels are known, the output may be unambiguous.
    if (labels === null) return [];
    const choice = chooseScores(candidates, { labels, embedding });
    return choice.kind === 'doubt' ? [askOutput(choice)] : [];
  },
  read: (request, facts, labels) => {
    const scored = decideScores(request, facts, labels);
    if (!scored.ok) return scored;
    return ok({
      scored: scored.value,
      ending: endingOf(request, scored.value),
      own: (steps) => ownEnding(steps, request, scored.value),
    });
  },
  forms: [],
  photos: {
    needsLabels: true,
    guessPreset: ({ exporter, picture, labels }) => {
      if (!picture || labels) return null;
      if (exporter === 'pytorch') return 'torchvision';
      return exporter === 'tf2onnx' || picture.order === 'NHWC' ? 'keras-efficientnet' : null;
    },
    scoresOf: (result) => {
      const ranked = rankedOf(result);
      const values: number[] = Array.from({ length: ranked.length }, () => 0);
      for (const { index, score } of ranked) values[index] = score;
      return values;
    },
    goldenCase,
  },
};

/** Predictions by descending score. */
const rankedOf = (result: Result) => itemTaskOf(result.task).ranked?.(result) ?? [];

function goldenCase(...[{ name, file }, answers]: Parameters<PhotoBuild['goldenCase']>) {
  const expected = answers.map(({ variant, result }) => {
    const top = rankedOf(result)
      .slice(0, 5)
      .map(({ index, score }) => ({ index, score: Math.round(score * 1e5) / 1e5 }));
    const toleranceAbs = scoreTolerance[variant];
    // A narrow lead over the second label may be reversed on another machine.
    const lead = (top[0]?.score ?? 0) - (top[1]?.score ?? 0);
    return { variant, toleranceAbs, sameTop1: lead > 2 * toleranceAbs, top };
  });
  return { kind: 'picture' as const, name, file, expected };
}

const askOutput = ({ among, suggestion }: Extract<Choice, { kind: 'doubt' }>): Missing => ({
  question: 'output',
  suggestion,
  choices: among.map(({ name, meaning }) => ({ value: name, meaning })),
});

/** Determines the output with the scores. */
function decideScores(
  { model, answers, embedding }: BuildRequest,
  { picture, candidates }: Facts,
  labels: Labels | null,
): Outcome<ScoreCandidate> {
  const file = basename(model);
  const count = labels?.length ?? null;
  const hasOwnSteps = answers.preprocess !== undefined && findPreset(answers.preprocess) === undefined;
  if (!picture && !hasOwnSteps)
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

function endingOf({ scores }: BuildRequest, scored: ScoreCandidate): Ending {
  const k = Math.max(1, Math.min(5, scored.count ?? 5));
  return {
    postprocessing: [{ op: 'top-k', k, output: scored.name }],
    scoring: { output: scored.name, byOperator: scored.kind, ...(scores && { stated: scores }) },
    threshold: null,
  };
}

/** A user's own steps name the output and how its values become scores. */
function ownEnding(
  steps: readonly PostprocessingStep[],
  { scores }: BuildRequest,
  scored: ScoreCandidate,
): Ending {
  const output = namedScores([...steps]) ?? scored.name;
  const known = kindIn(steps) ?? scores ?? scored.kind;
  return {
    postprocessing: steps
      .filter(({ op }) => op !== 'softmax' && op !== 'sigmoid')
      .map((step) => (step.op === 'top-k' ? { ...step, output } : step)),
    scoring: { output, stated: known ?? 'independent', byOperator: null, isUnknown: known === null },
    threshold: null,
  };
}

function kindIn(steps: readonly PostprocessingStep[]): ScoreKind | null {
  if (steps.some(({ op }) => op === 'softmax')) return 'logits';
  if (steps.some(({ op }) => op === 'sigmoid')) return 'independent-logits';
  return areIndependent(steps) ? 'independent' : null;
}
