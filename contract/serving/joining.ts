import { z } from 'zod';

/**
 * Whether rows of several requests may share a batch, as proved on this machine. `joinable`: rows together gave the
 * same as alone. `mixed`: they did not. `unproved`: it could not be tried (no valid inputs are known, or an operator
 * makes one sample inconclusive). `row-count`: an allowed batch returned another number of rows, which overrides the
 * manifest.
 */
export const JoinVerdict = z.strictObject({
  kind: z.enum(['joinable', 'mixed', 'unproved', 'row-count']),
  reason: z.string(),
  at: z.string(),
});
export type JoinVerdict = z.infer<typeof JoinVerdict>;
