import { z } from 'zod';
import { FaultCount, LeftOut, MsRange } from './run.ts';

const count = z.number().int();

/**
 * What a run over these files would be, as far as they were looked at: nothing of it is stored but the answers of the timing
 * sample, which the run then takes from the cache. `reused`: were answered before by the same version in the same way. `twice`:
 * hold the same bytes as one before them. `unreadable`: cannot be opened, are empty, or are no picture by their first bytes; a
 * picture that breaks off further back is met by the run itself.
 */
export const RunCheck = z.strictObject({
  /** The walk is over, so the counts are final. */
  scanned: z.boolean(),
  /** Nothing of it changes any more. */
  isOver: z.boolean(),
  found: count,
  /** Formats of the pictures by their bytes, most first. */
  kinds: z.array(z.strictObject({ kind: z.string(), count })),
  unreadable: count,
  reasons: z.array(FaultCount),
  reused: count,
  twice: count,
  leftOut: LeftOut,
  /** Measured on `sample` of these files just now, in photos a second; null until it was. */
  timing: z.strictObject({ sample: count, rate: z.number() }).nullable(),
  /** For all that was found, what is answered already included; null until it was measured. */
  timeMs: MsRange.nullable(),
  /** Shares of a full battery, 0 to 1: what it has, and what the run takes. Null on mains and where the system does not say. */
  battery: z
    .strictObject({ charge: z.number(), takes: z.strictObject({ from: z.number(), to: z.number() }) })
    .nullable(),
  /** Of the disk with the store; null where the system does not say. */
  disk: z.strictObject({ neededBytes: z.number(), freeBytes: z.number() }).nullable(),
});
export type RunCheck = z.infer<typeof RunCheck>;
