import { z } from 'zod';
import { Camera } from '../pictures/camera.ts';
import { Fault } from '../faults/faults.ts';
import { Digest, Provider, VariantName, Version } from '../ids.ts';
import { Result } from '../tasks/index.ts';

/** An answered input with all that it takes to explain and repeat it. Times: `durationMs` in
 * milliseconds (asking to answer for a single request, decoding and running for one of a folder), `at` in ISO 8601 UTC. */
export const PredictionRecord = z.strictObject({
  input: z.string(),
  digest: Digest,
  /** Bytes of the input. */
  sizeBytes: z.number().int(),
  model: z.string(),
  version: Version,
  packDigest: Digest,
  variant: VariantName,
  provider: Provider,
  /** Canonical text of other settings that affect the numbers, such as `crop 0.875, cubic to 224 × 224`. */
  settings: z.string(),
  /** `2 × 1` is two workers with one thread each. */
  shape: z.strictObject({ workers: z.number().int(), threads: z.number().int() }),
  cached: z.boolean(),
  durationMs: z.number(),
  decodeMs: z.number(),
  runMs: z.number(),
  at: z.string(),
  appVersion: z.string(),
  /** What the photo says of the camera that took it; absent where it says nothing. */
  camera: Camera.optional(),
  result: Result,
});
export type PredictionRecord = z.infer<typeof PredictionRecord>;

/** The outcome of one input: a record, or a fault with the input's name. */
export const PredictionOutcome = z.union([
  PredictionRecord,
  z.strictObject({ input: z.string(), fault: Fault }),
]);
export type PredictionOutcome = z.infer<typeof PredictionOutcome>;
export const isAnswered = (outcome: PredictionOutcome): outcome is PredictionRecord => !('fault' in outcome);
