import type { Outcome } from '../../../../contract/faults.ts';
import type { VariantName } from '../../../../contract/ids.ts';
import type { Reason } from '../../../../contract/reasons.ts';
import type { Labels } from '../../../../contract/labels.ts';
import type { GoldenCase, PostprocessingStep, Result, TaskId } from '../../../../contract/tasks/index.ts';
import type { GraphOutput } from '../../graph/graph.ts';
import type { Missing } from '../missing.ts';
import type { PictureInput } from '../picture-input.ts';
import type { Answers, BuildRequest } from '../request.ts';
import type { ScoreCandidate } from '../scores.ts';
import type { Scoring } from '../validate-scores.ts';

/** Which program wrote a model's file, where its way of writing is known. */
export type Exporter = 'ultralytics' | 'skl2onnx' | 'tf2onnx' | 'pytorch' | 'other';

/** What a file states, before anybody is asked. */
export type Stated = {
  readonly exporter: Exporter;
  readonly metadata: Readonly<Record<string, string>>;
  /** The input that can hold a picture, where there is one. */
  readonly picture: PictureInput | null;
};

/** A task that the file leaves no doubt about: the preset that its exporter's users follow, and what a person should know. */
export type Recognised = { readonly preset: string; readonly note?: Reason };

/** How a model file of a task is recognised; null where it may be of another. Asked in the order of the tasks. */
export type Recognise = (stated: Stated) => Recognised | null;

/** What can be read from a graph without asking anybody. */
export type Facts = {
  readonly exporter: Exporter;
  /** Only where the graph leaves no doubt. */
  readonly task: TaskId | null;
  readonly preset: string | null;
  /** Names that an exporter wrote into the file. */
  readonly labels: readonly string[] | null;
  readonly licence: string | null;
  readonly picture: PictureInput | null;
  /** Outputs that can hold scores. */
  readonly candidates: readonly ScoreCandidate[];
  /** Outputs as the graph declares them. */
  readonly outputs: readonly Pick<GraphOutput, 'name' | 'type' | 'shape'>[];
  /** Words made of the file's name and of what its exporter wrote; null where nothing can be made of them. */
  readonly suggested: Readonly<Record<'id' | 'title' | 'summary', string | null>>;
  /** What it means that the file's own word on the task is followed; null where there is nothing to say. */
  readonly taskNote: Reason | null;
  /** What a person should know of the other choices that were made. */
  readonly notes: readonly Reason[];
};

/** What is known beyond the answers: the number of labels, and the output of the feature vector. */
export type Known = { readonly labels: number | null; readonly embedding?: string };

/** Steps behind the graph. */
export type Ending = {
  readonly postprocessing: readonly PostprocessingStep[];
  /** What is known of the scored output before it is seen; null where its values are not judged. */
  readonly scoring: Scoring | null;
  /** From which score on an entry counts; null: as the app has it. */
  readonly threshold: number | null;
  /** The output that holds the feature vector, where the task reads one; absent: the one that was named, if any. */
  readonly embedding?: string;
};

/** How the outputs are read. */
export type Reading = {
  /** The output that holds one score a label and item; null where no output does. */
  readonly scored: ScoreCandidate | null;
  readonly ending: Ending;
  /** The ending where a person's own file says the steps. */
  readonly own: (steps: readonly PostprocessingStep[]) => Ending;
};

/** What a build does with photos: answers them, judges what the graph gave, and keeps the answers as a golden sample. */
export type PhotoBuild = {
  /** Whether the pack has labels, which are asked for where the file has none. */
  readonly needsLabels: boolean;
  /** The preset that this file's users may follow: a guess, and no answer. */
  readonly guessPreset: (facts: Facts) => string | null;
  /** Every value of the scored output, by label; null for a task that has none to be judged. */
  readonly scoresOf: (result: Result) => readonly number[] | null;
  readonly goldenCase: (
    golden: { readonly name: string; readonly file: string },
    answers: readonly { readonly variant: VariantName; readonly result: Result }[],
  ) => GoldenCase;
};

/** What `pack build` has to know of a task. */
export type TaskBuild = {
  readonly recognise: Recognise;
  /** What is asked of the outputs, once the labels are known: whether or not it is answered yet. */
  readonly asks: (answers: Answers, facts: Facts, known: Known) => readonly Missing[];
  readonly read: (request: BuildRequest, facts: Facts, labels: Labels | null) => Outcome<Reading>;
  /** Names that `--form` takes. */
  readonly forms: readonly string[];
  /** Null for a task that takes no photos. */
  readonly photos: PhotoBuild | null;
};

/** How far a score may be on another machine: other decoders, other providers, other rounding. */
export const scoreTolerance: Readonly<Record<VariantName, number>> = { fp32: 0.05, fp16: 0.08, int8: 0.15 };
