type Sums = Readonly<Record<'items' | 'right' | 'better' | 'worse' | 'wrong' | 'agree' | 'differ', number>>;

/** Number of items with and without a confirmed label. */
export function trialParts({ right, better, worse, wrong, agree, differ }: Sums): {
  readonly confirmed: number;
  readonly others: number;
} {
  return { confirmed: right + better + worse + wrong, others: agree + differ };
}

/** With fewer confirmed items, the absence of a clear difference proves nothing. */
const fewConfirmed = 30;
const significance = 0.05;

/**
 * The evidence of the confirmed items for one version. `none`: no confirmed label. `few`: too few items. `chance`: the
 * difference may be random (exact sign test over `better` and `worse`, two-sided, 5 %). `even`: no difference over
 * enough items. `clear`: a significant difference.
 */
export function trialWeight(sums: Sums): 'none' | 'few' | 'chance' | 'even' | 'clear' {
  const { confirmed } = trialParts(sums);
  if (confirmed === 0) return 'none';
  if (signTest(sums.better, sums.worse) < significance) return 'clear';
  if (confirmed < fewConfirmed) return 'few';
  return sums.better + sums.worse === 0 ? 'even' : 'chance';
}

/** Probability of a split at least this uneven when both sides are equally likely, 0 to 1. */
export function signTest(one: number, other: number): number {
  const n = one + other;
  // Computed with logarithms: 2 to the power of 1,100 exceeds a double.
  let term = -n * Math.LN2;
  let tail = Math.exp(term);
  for (let k = 1; k <= Math.min(one, other); k += 1) {
    term += Math.log((n - k + 1) / k);
    tail += Math.exp(term);
  }
  return Math.min(1, 2 * tail);
}
