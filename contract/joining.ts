import { z } from 'zod';

/**
 * Whether rows of different requests may run together, as it was found on this machine:
 * `joinable` rows together gave what each gives alone; `mixed` they did not; `unproved` it could not be tried (inputs that
 * the model takes are not known, or an operator lets no sample speak for all); `row-count` a batch that was allowed came
 * back with another number of rows, which outweighs whatever the manifest says.
 */
export const JoinVerdict = z.strictObject({
  kind: z.enum(['joinable', 'mixed', 'unproved', 'row-count']),
  reason: z.string(),
  at: z.string(),
});
export type JoinVerdict = z.infer<typeof JoinVerdict>;
