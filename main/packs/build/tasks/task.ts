import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { VariantName } from '../../../../contract/ids.ts';
import type { Reason } from '../../../../contract/faults/reasons.ts';
import type { Labels } from '../../../../contract/packs/labels.ts';
import type { GoldenCase, PostprocessingStep, Result, TaskId } from '../../../../contract/tasks/index.ts';
import type { GraphOutput } from '../../graph/graph.ts';
import type { Missing } from '../missing.ts';
import type { PictureInput } from '../picture-input.ts';
import type { Answers, BuildRequest } from '../request.ts';
import type { ScoreCandidate } from '../scores.ts';
import type { Scoring } from '../validate-scores.ts';

/** The program that wrote a model file, detected by its conventions. */
export type Exporter = 'ultralytics' | 'skl2onnx' | 'tf2onnx' | 'pytorch' | 'other';

/** What a file shows before the user is asked anything. */
export type Stated = {
  readonly exporter: Exporter;
  readonly metadata: Readonly<Record<string, string>>;
  /** The input that can take a picture, if there is one. */
  readonly picture: PictureInput | null;
};

/** A task that the file shows unambiguously, with the exporter's usual preset and a note for the user. */
export type Recognised = { readonly preset: string; readonly note?: Reason };

/** Detects a model file of this task; null if it may be of another. Called in the order of the tasks. */
type Recognise = (stated: Stated) => Recognised | null;

/** What can be read from a graph without asking the user. */
export type Facts = {
  readonly exporter: Exporter;
  /** Set only if the graph is unambiguous. */
  readonly task: TaskId | null;
  readonly preset: string | null;
  /** Labels that the exporter wrote into the file. */
  readonly labels: readonly string[] | null;
  readonly licence: string | null;
  readonly picture: PictureInput | null;
  /** Outputs that can hold scores. */
  readonly candidates: readonly ScoreCandidate[];
  /** Outputs as declared by the graph. */
  readonly outputs: readonly Pick<GraphOutput, 'name' | 'type' | 'shape'>[];
  /** Suggested texts from the file name and the exporter's metadata; null where there is nothing to suggest. */
  readonly suggested: Readonly<Record<'id' | 'title' | 'summary', string | null>>;
  /** Note on the consequences of the detected task; null for none. */
  readonly taskNote: Reason | null;
  /** Notes on other automatic choices. */
  readonly notes: readonly Reason[];
};

/** Known besides the answers: the number of labels, and the output with the feature vector. */
export type Known = { readonly labels: number | null; readonly embedding?: string };

/** Postprocessing steps. */
export type Ending = {
  readonly postprocessing: readonly PostprocessingStep[];
  /** Expected properties of the score output before it is run; null when its values are not judged. */
  readonly scoring: Scoring | null;
  /** Score threshold of the pack; null for the app's default. */
  readonly threshold: number | null;
  /** The output with the feature vector if the task reads one; absent: the one named by the user, if any. */
  readonly embedding?: string;
};

/** How the outputs are read. */
export type Reading = {
  /** The output with one score per label and item; null when there is none. */
  readonly scored: ScoreCandidate | null;
  readonly ending: Ending;
  /** The ending when the user's own file states the steps. */
  readonly own: (steps: readonly PostprocessingStep[]) => Ending;
};

/** How a build handles photos: runs them, judges the graph's values, and records golden samples. */
export type PhotoBuild = {
  /** Whether the pack needs labels; the user is asked for them if the file has none. */
  readonly needsLabels: boolean;
  /** The likely preset for this file; a suggestion, not an answer. */
  readonly guessPreset: (facts: Facts) => string | null;
  /** The value of every label in the score output; null for a task without scores to judge. */
  readonly scoresOf: (result: Result) => readonly number[] | null;
  readonly goldenCase: (
    golden: { readonly name: string; readonly file: string },
    answers: readonly { readonly variant: VariantName; readonly result: Result }[],
  ) => GoldenCase;
};

/** What `pack build` needs to know about a task. */
export type TaskBuild = {
  readonly recognise: Recognise;
  /** Questions about the outputs once the labels are known, including answered ones. */
  readonly asks: (answers: Answers, facts: Facts, known: Known) => readonly Missing[];
  readonly read: (request: BuildRequest, facts: Facts, labels: Labels | null) => Outcome<Reading>;
  /** Names that `--form` accepts. */
  readonly forms: readonly string[];
  /** Null for a task that takes no photos. */
  readonly photos: PhotoBuild | null;
};

/** Tolerated difference of a score on another machine: decoders, providers and rounding differ. */
export const scoreTolerance: Readonly<Record<VariantName, number>> = { fp32: 0.05, fp16: 0.08, int8: 0.15 };
