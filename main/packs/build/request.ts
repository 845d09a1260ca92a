import type { Provider, VariantName } from '../../../contract/ids.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { GoldenResult } from '../../../contract/packs/model.ts';
import type {
  PackQuestion as Question,
  PhotoSteps,
  PreparedPhoto,
  ScoreKind,
} from '../../../contract/packs/pack-build.ts';
import type { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';
import type { Result } from '../../../contract/tasks/index.ts';
import { reasonTable } from '../../../contract/faults/reasons.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';

/** The questions of a build, each with its command line option. */
export const questions = {
  task: { option: '--task', meaning: reasonTable['asks-task'] },
  id: { option: '--id', meaning: reasonTable['asks-id'] },
  version: { option: '--pack-version', meaning: reasonTable['asks-version'] },
  title: { option: '--title', meaning: reasonTable['asks-title'] },
  summary: { option: '--summary', meaning: reasonTable['asks-summary'] },
  licence: { option: '--licence', meaning: reasonTable['asks-licence'] },
  labels: { option: '--labels', meaning: reasonTable['asks-labels'] },
  preprocess: { option: '--preprocess', meaning: reasonTable['asks-preprocess'] },
  size: {
    option: '--size',
    meaning: reasonTable['asks-size'],
  },
  form: { option: '--form', meaning: reasonTable['asks-form'] },
  output: { option: '--output', meaning: reasonTable['asks-output'] },
} as const satisfies Readonly<Record<Question, { readonly option: string; readonly meaning: string }>>;
export type { Question };
export type Answers = { readonly [question in Question]?: string };

export type GoldenInput =
  | { readonly kind: 'picture'; readonly name: string; readonly file: string }
  /** A tensor without a name is assigned to the only input. */
  | { readonly kind: 'tensors'; readonly name: string; readonly tensors: readonly TensorBytes[] };

/** Default of the oldest version of Outpost that a pack needs. */
export const oldestApp = '0.1.0';

export type BuildRequest = {
  readonly model: string;
  readonly out: string;
  readonly answers: Answers;
  /** Labels as text, instead of the file named in the answers. */
  readonly labelsText?: string;
  /** Photo preprocessing that overrides the preset. */
  readonly photo?: PhotoSteps;
  /** The variant of the first file. */
  readonly as: VariantName;
  readonly variants: readonly { readonly name: VariantName; readonly file: string }[];
  readonly providers: readonly Provider[];
  readonly scores?: ScoreKind;
  readonly embedding?: string;
  /** Replace outputs that are lists or maps by the tensors they are made of. */
  readonly cutTails?: boolean;
  readonly golden: readonly GoldenInput[];
  readonly samples: readonly { readonly file: string; readonly title: string }[];
  /** Folder for PNG files of the photos as the model gets them. */
  readonly prepared?: string;
  readonly card?: string;
  readonly evaluation?: string;
  readonly licenceFile?: string;
  readonly source?: string;
  readonly minimumApp: string;
  readonly appVersion: string;
};

/** The part of a request that a form fills in. */
export type PackDraft = Omit<BuildRequest, 'out' | 'golden' | 'samples' | 'minimumApp' | 'appVersion'>;

/** Runs a pack folder; implemented by the real engine. */
export type Runner = {
  /** The complete result for a photo: every label, every box that is kept. */
  predict(file: string, variant: VariantName): Promise<Outcome<Result>>;
  /** A photo after these preprocessing steps. */
  prepare(file: string, steps: readonly PreprocessingStep[]): Promise<Outcome<PreparedPhoto>>;
  run(tensors: readonly TensorBytes[], variant: VariantName): Promise<Outcome<readonly TensorBytes[]>>;
  golden(): Promise<Outcome<GoldenResult>>;
  close(): Promise<void>;
};
export type OpenRunner = (pack: {
  readonly folder: string;
  readonly ref: string;
  readonly variant: VariantName;
}) => Promise<Runner>;
