import { basename } from 'node:path';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { VariantName } from '../../../../contract/ids.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import { embeddingOf } from '../../../../contract/tasks/index.ts';
import { about } from '../about.ts';
import { incomplete } from '../missing.ts';
import type { Missing } from '../missing.ts';
import type { Answers } from '../request.ts';
import type { ScoreCandidate } from '../scores.ts';
import type { Ending, Facts, PhotoBuild, TaskBuild } from './task.ts';

const task = 'feature-extraction';

/** Tolerated distance of the cosine from 1: decoders and rounding change a vector slightly, coarser weights more. */
const tolerance: Readonly<Record<VariantName, number>> = { fp32: 0.02, fp16: 0.03, int8: 0.1 };

export const buildFeatureExtraction: TaskBuild = {
  // Never detected: a feature vector looks like scores.
  recognise: () => null,
  asks: (answers, { candidates }, { embedding }) => {
    const among = fitting(candidates, embedding ?? answers.output);
    return among.length > 1 || answers.output !== undefined ? [askOutput(candidates)] : [];
  },
  read: ({ model, answers, embedding }, facts) => {
    const file = basename(model);
    if (!facts.picture)
      return about('task', failed('onnx-unfit', { file, reason: reason('picture-input-needed', { task }) }));
    const output = choose(file, { answers, facts, embedding });
    if (!output.ok) return output;
    const own = (postprocessing: Ending['postprocessing']): Ending => ({
      postprocessing,
      scoring: null,
      threshold: null,
      embedding: output.value,
    });
    return ok({ scored: null, ending: own([]), own });
  },
  forms: [],
  photos: { needsLabels: false, guessPreset: () => null, scoresOf: () => null, goldenCase },
};

/** The output that was named, or all with one row of numbers per photo. */
const fitting = (
  candidates: readonly ScoreCandidate[],
  named: string | undefined,
): readonly ScoreCandidate[] => candidates.filter(({ name }) => named === undefined || name === named);

type Given = { readonly answers: Answers; readonly facts: Facts; readonly embedding: string | undefined };

function choose(file: string, { answers, facts: { candidates }, embedding }: Given): Outcome<string> {
  const named = embedding ?? answers.output;
  const among = fitting(candidates, named);
  if (among.length === 1) return ok(among[0]!.name);
  if (among.length > 1) return incomplete([askOutput(candidates)]);
  const all = candidates.map(({ meaning }) => meaning).join(', ');
  const why =
    all === ''
      ? reason('no-vector-output')
      : reason('no-vector-output-these', { output: named ?? '', names: all });
  return about(named === undefined ? 'task' : 'output', failed('onnx-unfit', { file, reason: why }));
}

const askOutput = (among: readonly ScoreCandidate[]): Missing => ({
  question: 'output',
  suggestion: among.find(({ name }) => /embed|feature|vector|pool/iu.test(name))?.name ?? null,
  choices: among.map(({ name, meaning }) => ({ value: name, meaning })),
});

function goldenCase(...[{ name, file }, answers]: Parameters<PhotoBuild['goldenCase']>) {
  const expected = answers.map(({ variant, result }) => {
    const embedding = embeddingOf(result);
    if (!embedding) throw new Error(`${result.task} answered without a vector`);
    return { variant, toleranceAbs: tolerance[variant], embedding };
  });
  return { kind: 'embedding' as const, name, file, expected };
}
