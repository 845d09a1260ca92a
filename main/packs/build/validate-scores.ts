import type { VariantName } from '../../../contract/ids.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { doublesOf, isFloatType } from '../../../contract/tensors/tensor-codec.ts';
import type { ScoreKind } from '../../../contract/packs/pack-build.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';

/** Raw values of the score output for one input, and the input's name. */
export type Raw = { readonly of: string; readonly values: readonly number[]; readonly isReal: boolean };
export type Scoring = {
  readonly output: string;
  /** Stated by the user; absent: shown by the last operator and the values. */
  readonly stated?: ScoreKind;
  /** Shown by the last operator. */
  readonly byOperator: ScoreKind | null;
  /** Independence of the scores was neither stated nor shown: they are only not judged as a distribution. */
  readonly isUnknown?: boolean;
};
export type Verdict =
  | { readonly kind: ScoreKind; readonly note?: string }
  | { readonly kind: 'refused'; readonly field: 'scores' | 'labels'; readonly reason: Reason };

/** Tolerated distance of a distribution's sum from 1, by the rounding of half floats and 8-bit integers. */
const sumTolerance: Readonly<Record<VariantName, number>> = { fp32: 0.001, fp16: 0.01, int8: 0.1 };

/**
 * Classifies the values by what real inputs give. A second softmax over probabilities, or none over logits, gives
 * scores that look plausible and are wrong.
 */
export function validateScores(
  rows: readonly Raw[],
  { output, stated, byOperator }: Scoring,
  variant: VariantName,
): Verdict {
  const sound = rows.filter(({ values }) => values.length > 0);
  const broken = sound.find(({ values, isReal }) => isReal && values.some((each) => !Number.isFinite(each)));
  if (broken) return refuse(output, broken, reason('which-is-no-score'));
  const finite = sound.filter(({ values }) => values.every(Number.isFinite));
  const fromZeroToOne = ({ values }: Raw) => values.every((each) => each >= -1e-4 && each <= 1.0001);
  const isDistribution = (row: Raw) =>
    fromZeroToOne(row) && Math.abs(sumOf(row) - 1) <= sumTolerance[variant];
  const kind = stated ?? byOperator;
  const outside = finite.find((row) => !fromZeroToOne(row));
  switch (kind) {
    case 'probabilities': {
      const odd = finite.find((row) => !isDistribution(row));
      if (!odd) return { kind };
      return outside
        ? refuse(output, outside, reason('probabilities-outside'))
        : refuse(output, odd, reason('probabilities-sum', { sum: round(sumOf(odd)) }));
    }
    case 'independent':
      return outside ? refuse(output, outside, reason('independent-outside')) : { kind };
    case 'independent-logits':
      // A sigmoid of values that already went through one is at least 0.5.
      return byOperator !== null && finite[0]
        ? refuse(output, finite[0], reason('scores-already', { kind: byOperator }))
        : { kind };
    case 'logits':
    case null: {
      const several = finite.filter(({ values }) => values.length > 1);
      const areProbabilities = several.length > 0 && several.every(isDistribution);
      if (areProbabilities && kind === 'logits') return refuse(output, several[0]!, reason('a-distribution'));
      if (areProbabilities)
        return {
          kind: 'probabilities',
          note: `Output ${output} gives a distribution already, so no softmax is applied.`,
        };
      const real = several.filter(({ isReal }) => isReal);
      if (kind === null && real.length > 0 && real.every(fromZeroToOne))
        return refuse(output, real[0]!, reason('may-be-anything'));
      return { kind: 'logits' };
    }
  }
}

/** The output's first row as numbers; null for a type that cannot hold scores. */
export function firstRowOf(tensor: TensorBytes): readonly number[] | null {
  const values = isFloatType(tensor.type) ? doublesOf(tensor) : null;
  const rows = tensor.dims.length > 1 ? (tensor.dims[0] ?? 1) : 1;
  return values && values.slice(0, Math.floor(values.length / Math.max(1, rows)));
}

/** Name of a row's input for faults: generated zeros have none. */
export const calledInput = ({ of, isReal }: Raw): string | Reason => (isReal ? of : reason('zeros'));

const sumOf = ({ values }: Raw): number => values.reduce((sum, each) => sum + each, 0);
const round = (value: number): number => Number(value.toPrecision(4));

function refuse(output: string, row: Raw, why: Reason): Verdict {
  const shown = row.values.slice(0, 4).map(round).join(', ');
  const values = `${shown}${row.values.length > 4 ? ' …' : ''}`;
  const whole = reason('output-gives', { output, values, of: calledInput(row), why });
  return { kind: 'refused', field: 'scores', reason: whole };
}
