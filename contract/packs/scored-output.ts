import { takesRows } from './input-rows.ts';
import { reason, reasonAt, type Reason } from '../faults/reasons.ts';
import type { TensorSpec } from '../tensors/tensor.ts';

/** A postprocessing step; `output` is the output that it reads scores from, if it names one. */
export type OutputStep = { readonly op: string; readonly output?: string; readonly [part: string]: unknown };
type Steps = readonly OutputStep[];
type Scoring = {
  readonly outputs: readonly TensorSpec[];
  readonly preprocessing?: Parameters<typeof takesRows>[0];
  readonly postprocessing: Steps;
  readonly embedding?: string;
};
type Shape = readonly (number | string | null)[] | null;

/** Element types of scores. */
export const isScoreType = (type: string | null): boolean =>
  type === 'float32' || type === 'float16' || type === 'float64';

/**
 * Number of values per item in an output: a number, `free` when the graph leaves it open, or null when the output is
 * not one row per item, such as a feature map or a list of boxes. The first dimension is the batch, unless the graph
 * takes one item without it (`hasRows` false): then a free first dimension may still be one.
 */
export function valuesPerItem(shape: Shape, hasRows = true): number | 'free' | null {
  if (shape === null) return 'free';
  if (shape.length === 1) return typeof shape[0] === 'number' && shape[0] > 1 ? shape[0] : null;
  const countsItems = hasRows || typeof shape[0] !== 'number' || shape[0] < 0;
  const long = (countsItems ? shape.slice(1) : shape).filter((dim) => dim !== 1);
  const [only] = long;
  if (shape.length === 0 || long.length > 1) return null;
  if (only === undefined) return 1;
  return typeof only === 'number' && only > 0 ? only : 'free';
}

/**
 * The output that scores are read from: the one named by a step, else the only one that can hold scores. Null for none,
 * or for several without a name.
 */
export function scoredOutput({
  outputs,
  preprocessing = [],
  postprocessing,
  embedding,
}: Scoring): TensorSpec | null {
  const named = namedScores(postprocessing);
  if (named !== null) return outputs.find(({ name }) => name === named) ?? null;
  const floats = outputs.filter(({ name, type }) => isScoreType(type) && name !== embedding);
  if (floats.length === 1) return floats[0]!;
  const rows = floats.filter(({ shape }) => valuesPerItem(shape, takesRows(preprocessing)) !== null);
  return rows.length === 1 ? rows[0]! : null;
}

/** The output named by `softmax` or `sigmoid` before `top-k`; null for none. */
export function namedScores(steps: Steps): string | null {
  for (const op of ['softmax', 'sigmoid', 'top-k'] as const) {
    const step = steps.find((each) => each.op === op);
    if (step?.output !== undefined) return step.output;
  }
  return null;
}

/** The contradiction of steps that read scores from several outputs. */
export function findSeveralScored(steps: Steps): readonly Reason[] {
  const named = new Set(steps.flatMap(({ output }) => (output === undefined ? [] : [output])));
  if (named.size <= 1) return [];
  return [reasonAt('postprocessing', reason('steps-read-several', { names: [...named].join(' and ') }))];
}
