/** Ten steps a decade from 0.1 ms to 100 s: a percentile read from them is right within a quarter at worst, a tenth as a rule. */
const perDecade = 10;
const leastMs = 0.1;
const decades = 6;
/** Below the least, 60 steps, above the greatest. */
export const histogramSize = perDecade * decades + 2;

/** Which step a time belongs to. */
export function stepOf(ms: number): number {
  if (!(ms >= leastMs)) return 0;
  const step = 1 + Math.floor(Math.log10(ms / leastMs) * perDecade);
  return Math.min(step, histogramSize - 1);
}

/** Upper end of a step in milliseconds; the last one has none. */
const upperMs = (step: number): number => leastMs * 10 ** (step / perDecade);
const lowerMs = (step: number): number => (step === 0 ? 0 : upperMs(step - 1));

/** Time below which `share` (0 to 1) of the counted ones lie, evenly spread within a step; null when none was counted. */
export function percentile(counts: Readonly<Record<number, number>>, share: number): number | null {
  let all = 0;
  for (let step = 0; step < histogramSize; step++) all += counts[step] ?? 0;
  if (all === 0) return null;
  let before = 0;
  for (let step = 0; step < histogramSize; step++) {
    const here = counts[step] ?? 0;
    if (here > 0 && before + here >= all * share) {
      if (step === histogramSize - 1) return lowerMs(step);
      return lowerMs(step) + (upperMs(step) - lowerMs(step)) * ((all * share - before) / here);
    }
    before += here;
  }
  return null;
}
