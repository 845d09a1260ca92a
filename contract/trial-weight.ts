type Sums = Readonly<Record<'items' | 'right' | 'better' | 'worse' | 'wrong' | 'agree' | 'differ', number>>;

/** How many of the items have a confirmed label, and how many have none. */
export function trialParts({ right, better, worse, wrong, agree, differ }: Sums): {
  readonly confirmed: number;
  readonly others: number;
} {
  return { confirmed: right + better + worse + wrong, others: agree + differ };
}

/** Below this many confirmed items that show no clear difference, a version that is often worse may look the same. */
const fewConfirmed = 30;
const significance = 0.05;

/**
 * What the confirmed items can say of which version is right more often. `none`: no label was confirmed. `few`: too few
 * to say. `chance`: the difference may be chance (exact sign test over `better` and `worse`, two-sided, 5 %). `even`: no
 * difference on a fair number. `clear`: a difference that is hardly chance.
 */
export function trialWeight(sums: Sums): 'none' | 'few' | 'chance' | 'even' | 'clear' {
  const { confirmed } = trialParts(sums);
  if (confirmed === 0) return 'none';
  if (signTest(sums.better, sums.worse) < significance) return 'clear';
  if (confirmed < fewConfirmed) return 'few';
  return sums.better + sums.worse === 0 ? 'even' : 'chance';
}

/** Probability of a split at least this uneven when each side is as likely, 0 to 1. */
export function signTest(one: number, other: number): number {
  const n = one + other;
  // Logarithms, since 2 to the power of 1,100 is no number any more.
  let term = -n * Math.LN2;
  let tail = Math.exp(term);
  for (let k = 1; k <= Math.min(one, other); k += 1) {
    term += Math.log((n - k + 1) / k);
    tail += Math.exp(term);
  }
  return Math.min(1, 2 * tail);
}
