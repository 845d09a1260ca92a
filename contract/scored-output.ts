import { takesRows } from './input-rows.ts';
import { reason, reasonAt, type Reason } from './reasons.ts';
import type { TensorSpec } from './tensor.ts';

/** A step behind the graph; `output` is the one that it reads scores from, where it names one. */
export type OutputStep = { readonly op: string; readonly output?: string; readonly [part: string]: unknown };
type Steps = readonly OutputStep[];
type Scoring = {
  readonly outputs: readonly TensorSpec[];
  readonly preprocessing?: Parameters<typeof takesRows>[0];
  readonly postprocessing: Steps;
  readonly embedding?: string;
};
type Shape = readonly (number | string | null)[] | null;

/** Types that scores come in. */
export const isScoreType = (type: string | null): boolean =>
  type === 'float32' || type === 'float16' || type === 'float64';

/**
 * How many values an output gives for each item: a number, `free` when the graph leaves it open, or null when the
 * output is no single row an item, as a map or a list of boxes is. The first dimension counts items, unless the graph
 * takes one item without such a dimension (`hasRows` false): then one that is left open may still count them.
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
 * The output that scores are read from: the one that a step names, else the only one that can hold scores. Null where
 * there is none, or more than one and no step says which.
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

/** The name that the steps say, `softmax` or `sigmoid` before `top-k`; null when none does. */
export function namedScores(steps: Steps): string | null {
  for (const op of ['softmax', 'sigmoid', 'top-k'] as const) {
    const step = steps.find((each) => each.op === op);
    if (step?.output !== undefined) return step.output;
  }
  return null;
}

/** The contradiction of steps that read scores from more than one output. */
export function findSeveralScored(steps: Steps): readonly Reason[] {
  const named = new Set(steps.flatMap(({ output }) => (output === undefined ? [] : [output])));
  if (named.size <= 1) return [];
  return [reasonAt('postprocessing', reason('steps-read-several', { names: [...named].join(' and ') }))];
}
