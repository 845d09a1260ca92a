/** Whether this is `npm run test:long`: then drills go through all of what the usual run takes a part of. */
export const isLong = process.env['OUTPOST_TEST_LONG'] === '1';

/** How many in the long run, and how many in the usual one. */
export const inLong = (all: number, usually: number): number => (isLong ? all : usually);

/**
 * Kills a program before its 1st, 2nd, 3rd … step, until it lives to its end: `attempt(step)` says which it did. The usual
 * run takes the first step and each `every`th after it. Returns the number of steps, in the usual run rounded up.
 */
export async function killedBeforeEachStep(
  attempt: (step: number) => Promise<'killed' | 'done'>,
  { every, atOnce = 1 }: { readonly every: number; readonly atOnce?: number },
): Promise<number> {
  const stride = inLong(1, every);
  for (let step = 1; ; step += stride * atOnce) {
    const steps = Array.from({ length: atOnce }, (_, more) => step + more * stride);
    const ends = await Promise.all(steps.map(attempt));
    const first = ends.indexOf('done');
    if (first !== -1) return steps[first]! - 1;
  }
}
