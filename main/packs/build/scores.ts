import type { ScoreKind } from '../../../contract/packs/pack-build.ts';
import { isScoreType, valuesPerItem } from '../../../contract/packs/scored-output.ts';
import type { Graph, GraphOutput } from '../graph/graph.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';

/** An output that can hold the scores of a classifier. */
export type ScoreCandidate = {
  readonly name: string;
  /** Values per item; null where the graph leaves it free. */
  readonly count: number | null;
  /** Kind shown by the last operator; null where it shows none. */
  readonly kind: ScoreKind | null;
  /** Description for a user who has to choose. */
  readonly meaning: string;
};
export type Choice =
  | { readonly kind: 'chosen'; readonly output: ScoreCandidate }
  | { readonly kind: 'doubt'; readonly among: readonly ScoreCandidate[]; readonly suggestion: string | null }
  | { readonly kind: 'none'; readonly reason: Reason };

/** Floating-point outputs with one row per item; feature maps, boxes, texts and class numbers are excluded. */
export function scoreCandidates(
  { outputs }: Pick<Graph, 'outputs'>,
  hasRows: boolean,
): readonly ScoreCandidate[] {
  return outputs.flatMap((output) => {
    const count = valuesPerItem(output.shape, hasRows);
    if (output.kind !== 'tensor' || !isScoreType(output.type) || count === null) return [];
    const kind = kindOf(output);
    return [{ name: output.name, count: count === 'free' ? null : count, kind, meaning: describe(output) }];
  });
}

/**
 * The score output if it is unambiguous: by name, as the only one that fits the labels, or as the only one behind a
 * softmax.
 */
export function chooseScores(
  candidates: readonly ScoreCandidate[],
  { labels, output, embedding }: { labels: number | null; output?: string; embedding?: string },
): Choice {
  const others = candidates.filter(({ name }) => name !== embedding);
  const all = others.map(({ meaning }) => meaning).join(', ');
  if (output !== undefined) {
    const named = others.find(({ name }) => name === output);
    if (named) return fitting(named, labels);
    const why =
      all === ''
        ? reason('no-scores-output', { output })
        : reason('no-scores-output-these', { output, names: all });
    return { kind: 'none', reason: why };
  }
  const [first] = others;
  if (!first)
    return {
      kind: 'none',
      reason: reason('no-output-for-scores'),
    };
  if (others.length === 1) return fitting(first, labels);
  const fits = others.filter(({ count }) => labels === null || count === null || count === labels);
  if (fits.length === 0)
    return { kind: 'none', reason: reason('no-output-for-labels', { labels: labels ?? 0, names: all }) };
  const only =
    single(fits) ??
    single(fits.filter(({ count }) => labels !== null && count === labels)) ??
    single(fits.filter(({ kind }) => kind === 'probabilities'));
  if (only) return { kind: 'chosen', output: only };
  return { kind: 'doubt', among: fits, suggestion: single(fits.filter(isNamedSo))?.name ?? null };
}

function fitting(output: ScoreCandidate, labels: number | null): Choice {
  return labels === null || output.count === null || output.count === labels
    ? { kind: 'chosen', output }
    : {
        kind: 'none',
        reason: reason('output-unlike-labels', { output: output.name, values: output.count, labels }),
      };
}

function kindOf({ madeBy }: GraphOutput): ScoreKind | null {
  const [, last] = /(?:^|[.])(?:QLinear)?(Softmax|Sigmoid)$/u.exec(madeBy ?? '') ?? [];
  if (last === 'Softmax') return 'probabilities';
  return last === 'Sigmoid' ? 'independent' : null;
}

function describe({ name, type, shape, madeBy }: GraphOutput): string {
  const dims = shape?.map((dim) => dim ?? '?').join(' × ') ?? 'no shape';
  return `${name} (${[type, dims, madeBy].filter((each) => each !== null).join(', ')})`;
}

const single = <T>(rows: readonly T[]): T | null => (rows.length === 1 ? rows[0]! : null);
const isNamedSo = ({ name }: ScoreCandidate): boolean =>
  /prob|score|logit|softmax|pred|class|label/iu.test(name);
